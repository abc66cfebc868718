CREATE TABLE "merges" (
	"id" uuid PRIMARY KEY NOT NULL,
	"entity" text NOT NULL,
	"winner" uuid NOT NULL,
	"loser" uuid NOT NULL,
	"changes" jsonb NOT NULL,
	"runs" jsonb NOT NULL,
	"author" jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"undone_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE INDEX "merges_winner" ON "merges" USING btree ("winner","id");--> statement-breakpoint
CREATE INDEX "merges_loser" ON "merges" USING btree ("loser","id");