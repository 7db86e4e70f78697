-- Roles belong to the whole cluster: another database of it may have made it, even at this moment.
DO $$ BEGIN CREATE ROLE mana_live NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
--> statement-breakpoint
GRANT mana_live TO CURRENT_USER;--> statement-breakpoint
GRANT USAGE ON SCHEMA auth, sync TO mana_live;--> statement-breakpoint
GRANT SELECT (id, expires_at_ms) ON auth.sessions TO mana_live;--> statement-breakpoint
GRANT SELECT (space_id, account_id) ON sync.members TO mana_live;--> statement-breakpoint
GRANT SELECT (id, seq) ON sync.spaces TO mana_live;--> statement-breakpoint
CREATE POLICY "sessions_live_select" ON "auth"."sessions" AS PERMISSIVE FOR SELECT TO "mana_live" USING (true);--> statement-breakpoint
CREATE POLICY "members_live_select" ON "sync"."members" AS PERMISSIVE FOR SELECT TO "mana_live" USING (true);--> statement-breakpoint
CREATE POLICY "spaces_live_select" ON "sync"."spaces" AS PERMISSIVE FOR SELECT TO "mana_live" USING (true);
