ALTER TABLE "jobs" ADD COLUMN "made" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "runs_parent" ON "runs" USING btree ((parent ->> 'run')) WHERE parent is not null;