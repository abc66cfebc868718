CREATE TABLE "record_keys" (
	"entity" text NOT NULL,
	"key" text collate "C" NOT NULL,
	"record_id" uuid NOT NULL,
	CONSTRAINT "record_keys_entity_key_record_id_pk" PRIMARY KEY("entity","key","record_id")
);--> statement-breakpoint
-- The records that are there get their keys by a job, piece by piece.
INSERT INTO "jobs" ("id", "kind", "data", "done", "failed", "status", "author", "created_at", "updated_at")
SELECT gen_random_uuid(), 'name_keys', jsonb_build_object('entity', entity), 0, 0, 'running', '{"kind":"system","id":"migration"}', now(), now()
FROM unnest(ARRAY['lead', 'contact', 'company']) AS told(entity)
WHERE EXISTS (SELECT FROM "records" WHERE "records"."entity" = told.entity);
