-- The steps that are there, and those of the runs of this month, become the first part; later months get parts of their own.
ALTER TABLE "steps" RENAME TO "steps_first";--> statement-breakpoint
ALTER TABLE "steps_first" RENAME CONSTRAINT "steps_run_id_seq_pk" TO "steps_first_pkey";--> statement-breakpoint
CREATE TABLE "steps" (LIKE "steps_first", CONSTRAINT "steps_run_id_seq_pk" PRIMARY KEY ("run_id", "seq")) PARTITION BY RANGE ("run_id");--> statement-breakpoint
DO $$
DECLARE
  next_month bigint := extract(epoch from date_trunc('month', now() at time zone 'UTC') + interval '1 month') * 1000;
  digits text := lpad(to_hex(next_month), 12, '0') || repeat('0', 20);
BEGIN
  EXECUTE format('ALTER TABLE steps ATTACH PARTITION steps_first FOR VALUES FROM (MINVALUE) TO (%L)', digits::uuid);
END $$;--> statement-breakpoint
CREATE TABLE "steps_default" PARTITION OF "steps" DEFAULT;
