CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "counters" (
	"name" text PRIMARY KEY NOT NULL,
	"value" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credentials" (
	"name" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"sealed" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "effects" (
	"id" uuid PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"run_id" uuid NOT NULL,
	"wait_id" text NOT NULL,
	"node" text NOT NULL,
	"record_id" uuid,
	"connector" text NOT NULL,
	"destination" text NOT NULL,
	"payload" jsonb NOT NULL,
	"retry" jsonb NOT NULL,
	"status" text NOT NULL,
	"attempts" smallint NOT NULL,
	"next_at" timestamp (3) with time zone,
	"result" jsonb,
	"error" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"settled_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "entities" (
	"name" text PRIMARY KEY NOT NULL,
	"definition" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"topic" text NOT NULL,
	"record_id" uuid,
	"at" timestamp (3) with time zone NOT NULL,
	"data" jsonb NOT NULL,
	"key" text,
	"chain" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mailbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"effect_key" text NOT NULL,
	"channel" text NOT NULL,
	"sender" text NOT NULL,
	"recipients" jsonb NOT NULL,
	"subject" text,
	"text" text,
	"html" text,
	"record_id" uuid,
	"run_id" uuid,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pointers" (
	"key" text PRIMARY KEY NOT NULL,
	"value" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "record_changes" (
	"record_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"op" text NOT NULL,
	"author" jsonb NOT NULL,
	"changes" jsonb NOT NULL,
	CONSTRAINT "record_changes_record_id_version_pk" PRIMARY KEY("record_id","version")
);
--> statement-breakpoint
CREATE TABLE "records" (
	"id" uuid PRIMARY KEY NOT NULL,
	"entity" text NOT NULL,
	"key" text,
	"owner" uuid,
	"stage" text,
	"name" text NOT NULL,
	"sort_name" text collate "C" NOT NULL,
	"search" text NOT NULL,
	"data" jsonb NOT NULL,
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"workflow_id" text NOT NULL,
	"version" integer NOT NULL,
	"status" text NOT NULL,
	"record_id" uuid,
	"event_id" uuid,
	"entry_key" text NOT NULL,
	"due_at" timestamp (3) with time zone,
	"state" jsonb NOT NULL,
	"chain" jsonb NOT NULL,
	"outcome" text,
	"error" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "signals" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "signals_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"run_id" uuid NOT NULL,
	"wait_id" text NOT NULL,
	"payload" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "steps" (
	"run_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"node" text NOT NULL,
	"type" text NOT NULL,
	"status" text NOT NULL,
	"port" text,
	"attempt" smallint NOT NULL,
	"input" jsonb,
	"output" jsonb,
	"error" jsonb,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"cpu_micros" integer NOT NULL,
	CONSTRAINT "steps_run_id_seq_pk" PRIMARY KEY("run_id","seq")
);
--> statement-breakpoint
CREATE TABLE "timers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"workflow_id" text NOT NULL,
	"node" text NOT NULL,
	"record_id" uuid,
	"due_at" timestamp (3) with time zone NOT NULL,
	"data" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workflow_versions" (
	"workflow_id" text NOT NULL,
	"version" integer NOT NULL,
	"file" jsonb NOT NULL,
	"hash" text NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"published_by" jsonb NOT NULL,
	"note" text,
	CONSTRAINT "workflow_versions_workflow_id_version_pk" PRIMARY KEY("workflow_id","version")
);
--> statement-breakpoint
CREATE TABLE "workflows" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL,
	"draft" jsonb,
	"revision" integer NOT NULL,
	"published_version" integer,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_hash" ON "api_keys" USING btree ("hash");--> statement-breakpoint
CREATE UNIQUE INDEX "effects_key" ON "effects" USING btree ("key");--> statement-breakpoint
CREATE INDEX "effects_run" ON "effects" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "effects_open" ON "effects" USING btree ("status","id") WHERE status in ('pending', 'dead');--> statement-breakpoint
CREATE UNIQUE INDEX "events_key" ON "events" USING btree ("key") WHERE key is not null;--> statement-breakpoint
CREATE INDEX "events_record" ON "events" USING btree ("record_id","id") WHERE record_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "mailbox_effect" ON "mailbox" USING btree ("effect_key");--> statement-breakpoint
CREATE INDEX "mailbox_record" ON "mailbox" USING btree ("record_id");--> statement-breakpoint
CREATE UNIQUE INDEX "records_key" ON "records" USING btree ("entity","key") WHERE key is not null and deleted_at is null;--> statement-breakpoint
CREATE INDEX "records_page" ON "records" USING btree ("entity","id");--> statement-breakpoint
CREATE INDEX "records_owner" ON "records" USING btree ("entity","owner");--> statement-breakpoint
CREATE INDEX "records_sort" ON "records" USING btree ("entity","sort_name","id");--> statement-breakpoint
CREATE INDEX "records_data" ON "records" USING gin (data jsonb_path_ops) WITH (fastupdate=false);--> statement-breakpoint
CREATE INDEX "runs_due" ON "runs" USING btree ("due_at") WHERE due_at is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "runs_entry" ON "runs" USING btree ("workflow_id","entry_key");--> statement-breakpoint
CREATE INDEX "runs_record" ON "runs" USING btree ("record_id","workflow_id","created_at") WHERE record_id is not null;--> statement-breakpoint
CREATE INDEX "runs_workflow" ON "runs" USING btree ("workflow_id","id");--> statement-breakpoint
CREATE INDEX "runs_failed" ON "runs" USING btree ("id") WHERE status = 'failed';--> statement-breakpoint
CREATE INDEX "signals_run" ON "signals" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "timers_due" ON "timers" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "timers_workflow" ON "timers" USING btree ("workflow_id","node");