DROP INDEX "records_owner";--> statement-breakpoint
CREATE INDEX "records_owner" ON "records" USING btree ("entity","owner","stage");