-- Roles belong to the whole cluster: another database of it may have made them, even at this moment.
DO $$ BEGIN CREATE ROLE mana_app NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
--> statement-breakpoint
DO $$ BEGIN CREATE ROLE mana_auth NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
--> statement-breakpoint
GRANT mana_app, mana_auth TO CURRENT_USER;
