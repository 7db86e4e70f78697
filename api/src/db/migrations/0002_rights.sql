ALTER TABLE "auth"."accounts" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."credentials" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."wraps" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."identities" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."attempts" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."throttles" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."network_limits" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."sessions" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."refresh_tokens" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "sync"."members" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "sync"."spaces" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "sync"."space_keys" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "sync"."records" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "sync"."pushes" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
GRANT USAGE ON SCHEMA auth, sync, drizzle TO mana_app;--> statement-breakpoint
GRANT USAGE ON SCHEMA auth TO mana_auth;--> statement-breakpoint
GRANT SELECT, INSERT ON auth.accounts, auth.identities TO mana_app;--> statement-breakpoint
GRANT INSERT ON auth.credentials TO mana_app;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON auth.wraps TO mana_app;--> statement-breakpoint
GRANT SELECT, DELETE ON auth.sessions TO mana_app;--> statement-breakpoint
GRANT SELECT ON auth.accounts, auth.credentials TO mana_auth;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.attempts, auth.throttles, auth.network_limits, auth.sessions, auth.refresh_tokens TO mana_auth;--> statement-breakpoint
GRANT SELECT, INSERT ON sync.members, sync.space_keys TO mana_app;--> statement-breakpoint
GRANT SELECT, INSERT ON sync.spaces TO mana_app;--> statement-breakpoint
GRANT UPDATE (seq) ON sync.spaces TO mana_app;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON sync.records, sync.pushes TO mana_app;--> statement-breakpoint
GRANT SELECT, UPDATE ON sync.server_state TO mana_app;--> statement-breakpoint
GRANT SELECT ON drizzle.__drizzle_migrations TO mana_app;--> statement-breakpoint
INSERT INTO sync.server_state (id, generation, high_water_ms) VALUES (1, 1, 0);
