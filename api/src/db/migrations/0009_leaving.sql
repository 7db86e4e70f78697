-- Roles belong to the whole cluster: another database of it may have made it, even at this moment.
DO $$ BEGIN CREATE ROLE mana_leave NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
--> statement-breakpoint
GRANT mana_leave TO CURRENT_USER;--> statement-breakpoint
CREATE TABLE "auth"."deletions" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"requested_at_ms" bigint NOT NULL,
	"due_at_ms" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "auth"."deletions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."deletions" ADD CONSTRAINT "deletions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "auth"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "backup_codes_leave_all" ON "auth"."backup_codes" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("auth"."backup_codes"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "totps_leave_all" ON "auth"."totps" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("auth"."totps"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "security_events_leave_all" ON "auth"."security_events" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("auth"."security_events"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "recovery_openers_leave_all" ON "auth"."recovery_openers" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("auth"."recovery_openers"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "passkeys_leave_all" ON "auth"."passkeys" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("auth"."passkeys"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "accounts_leave_all" ON "auth"."accounts" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("auth"."accounts"."id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "attempts_leave_all" ON "auth"."attempts" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("auth"."attempts"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "credentials_leave_all" ON "auth"."credentials" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("auth"."credentials"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "identities_leave_all" ON "auth"."identities" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("auth"."identities"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "refresh_tokens_leave_all" ON "auth"."refresh_tokens" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("auth"."refresh_tokens"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "sessions_leave_all" ON "auth"."sessions" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("auth"."sessions"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "wraps_leave_all" ON "auth"."wraps" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("auth"."wraps"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "members_leave_all" ON "sync"."members" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("sync"."members"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "pushes_leave_all" ON "sync"."pushes" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("sync"."pushes"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "records_leave_all" ON "sync"."records" AS PERMISSIVE FOR ALL TO "mana_leave" USING (space_id in (select id from sync.spaces where created_by = (select nullif(current_setting('app.account', true), '')::uuid)));--> statement-breakpoint
CREATE POLICY "shared_points_leave_all" ON "sync"."shared_points" AS PERMISSIVE FOR ALL TO "mana_leave" USING (space_id in (select id from sync.spaces where created_by = (select nullif(current_setting('app.account', true), '')::uuid)));--> statement-breakpoint
CREATE POLICY "space_keys_leave_all" ON "sync"."space_keys" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("sync"."space_keys"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "spaces_leave_all" ON "sync"."spaces" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("sync"."spaces"."created_by" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "invitations_leave_all" ON "sync"."invitations" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("sync"."invitations"."made_by" = (select nullif(current_setting('app.account', true), '')::uuid) or "sync"."invitations"."taken_by" = (select nullif(current_setting('app.account', true), '')::uuid) or space_id in (select id from sync.spaces where created_by = (select nullif(current_setting('app.account', true), '')::uuid)));--> statement-breakpoint
CREATE POLICY "leavings_leave_all" ON "sync"."leavings" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("sync"."leavings"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid) or space_id in (select id from sync.spaces where created_by = (select nullif(current_setting('app.account', true), '')::uuid)));--> statement-breakpoint
CREATE POLICY "statements_leave_all" ON "sync"."statements" AS PERMISSIVE FOR ALL TO "mana_leave" USING (space_id in (select id from sync.spaces where created_by = (select nullif(current_setting('app.account', true), '')::uuid)));--> statement-breakpoint
CREATE POLICY "deletions_own_select" ON "auth"."deletions" AS PERMISSIVE FOR SELECT TO "mana_app" USING ("auth"."deletions"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "deletions_own_insert" ON "auth"."deletions" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("auth"."deletions"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "deletions_own_delete" ON "auth"."deletions" AS PERMISSIVE FOR DELETE TO "mana_app" USING ("auth"."deletions"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "deletions_leave_all" ON "auth"."deletions" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("auth"."deletions"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "deletions_auth_select" ON "auth"."deletions" AS PERMISSIVE FOR SELECT TO "mana_auth" USING (true);
--> statement-breakpoint
ALTER TABLE "auth"."deletions" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON auth.deletions TO mana_app;--> statement-breakpoint
GRANT SELECT ON auth.deletions TO mana_auth;--> statement-breakpoint
GRANT USAGE ON SCHEMA auth, sync TO mana_leave;--> statement-breakpoint
GRANT SELECT, DELETE ON ALL TABLES IN SCHEMA auth, sync TO mana_leave;--> statement-breakpoint
REVOKE ALL ON auth.throttles, auth.network_limits, sync.server_state FROM mana_leave;--> statement-breakpoint
ALTER DEFAULT PRIVILEGES IN SCHEMA auth, sync GRANT SELECT, DELETE ON TABLES TO mana_leave;
