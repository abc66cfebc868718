CREATE TABLE "model_versions" (
	"model_id" text NOT NULL,
	"version" integer NOT NULL,
	"definition" jsonb NOT NULL,
	"model" jsonb NOT NULL,
	"figures" jsonb NOT NULL,
	"report" jsonb NOT NULL,
	"trained_at" timestamp (3) with time zone NOT NULL,
	"author" jsonb NOT NULL,
	CONSTRAINT "model_versions_model_id_version_pk" PRIMARY KEY("model_id","version")
);
--> statement-breakpoint
CREATE TABLE "models" (
	"id" text PRIMARY KEY NOT NULL,
	"definition" jsonb NOT NULL,
	"live" integer,
	"previous" integer,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "training_pieces" (
	"model_id" text NOT NULL,
	"seq" integer NOT NULL,
	"piece" jsonb NOT NULL,
	CONSTRAINT "training_pieces_model_id_seq_pk" PRIMARY KEY("model_id","seq")
);
