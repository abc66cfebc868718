ALTER TABLE "model_versions" ADD COLUMN "population" jsonb;--> statement-breakpoint
ALTER TABLE "models" ADD COLUMN "drift" jsonb;