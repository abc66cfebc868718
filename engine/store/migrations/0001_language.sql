CREATE TABLE "files" (
	"id" uuid PRIMARY KEY NOT NULL,
	"effect_key" text NOT NULL,
	"name" text NOT NULL,
	"mime" text NOT NULL,
	"size" integer NOT NULL,
	"sha256" text NOT NULL,
	"bytes" "bytea" NOT NULL,
	"run_id" uuid NOT NULL,
	"record_id" uuid,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"data" jsonb NOT NULL,
	"cursor" text,
	"done" integer NOT NULL,
	"failed" integer NOT NULL,
	"total" integer,
	"status" text NOT NULL,
	"error" jsonb,
	"author" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "marks" (
	"key" text collate "C" PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL,
	"expires_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "segments" (
	"id" text PRIMARY KEY NOT NULL,
	"definition" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "waits" (
	"run_id" uuid NOT NULL,
	"wait_id" text NOT NULL,
	"type" text NOT NULL,
	"topic" text NOT NULL,
	"correlation" text NOT NULL,
	CONSTRAINT "waits_run_id_wait_id_type_topic_correlation_pk" PRIMARY KEY("run_id","wait_id","type","topic","correlation")
);
--> statement-breakpoint
DROP INDEX "timers_workflow";--> statement-breakpoint
ALTER TABLE "mailbox" ADD COLUMN "attachments" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "parent" jsonb;--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "result" jsonb;--> statement-breakpoint
ALTER TABLE "timers" ADD COLUMN "key" text NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "files_effect" ON "files" USING btree ("effect_key");--> statement-breakpoint
CREATE INDEX "jobs_running" ON "jobs" USING btree ("id") WHERE status = 'running';--> statement-breakpoint
CREATE INDEX "marks_expired" ON "marks" USING btree ("expires_at") WHERE expires_at is not null;--> statement-breakpoint
CREATE INDEX "waits_correlation" ON "waits" USING btree ("correlation");--> statement-breakpoint
CREATE INDEX "effects_record" ON "effects" USING btree ("record_id","created_at") WHERE record_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "timers_key" ON "timers" USING btree ("workflow_id","node","key");