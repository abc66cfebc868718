DROP INDEX "waits_correlation";--> statement-breakpoint
CREATE INDEX "waits_correlation" ON "waits" USING btree ("type","correlation");