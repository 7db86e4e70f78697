CREATE TABLE "auth"."recovery_openers" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"public_b64" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "auth"."recovery_openers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "auth"."backup_codes" (
	"account_id" uuid NOT NULL,
	"code_hash" text NOT NULL,
	"used_at_ms" bigint,
	CONSTRAINT "backup_codes_account_id_code_hash_pk" PRIMARY KEY("account_id","code_hash")
);
--> statement-breakpoint
ALTER TABLE "auth"."backup_codes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "auth"."totps" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"sealed_secret" text NOT NULL,
	"confirmed_at_ms" bigint,
	"last_step" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "auth"."totps" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."recovery_openers" ADD CONSTRAINT "recovery_openers_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "auth"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth"."backup_codes" ADD CONSTRAINT "backup_codes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "auth"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth"."totps" ADD CONSTRAINT "totps_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "auth"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "credentials_auth_update" ON "auth"."credentials" AS PERMISSIVE FOR UPDATE TO "mana_auth" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "recovery_openers_own_select" ON "auth"."recovery_openers" AS PERMISSIVE FOR SELECT TO "mana_app" USING ("auth"."recovery_openers"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "recovery_openers_own_insert" ON "auth"."recovery_openers" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("auth"."recovery_openers"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "recovery_openers_own_update" ON "auth"."recovery_openers" AS PERMISSIVE FOR UPDATE TO "mana_app" USING ("auth"."recovery_openers"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid)) WITH CHECK ("auth"."recovery_openers"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "recovery_openers_auth_select" ON "auth"."recovery_openers" AS PERMISSIVE FOR SELECT TO "mana_auth" USING (true);--> statement-breakpoint
CREATE POLICY "backup_codes_own_select" ON "auth"."backup_codes" AS PERMISSIVE FOR SELECT TO "mana_app" USING ("auth"."backup_codes"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "backup_codes_own_insert" ON "auth"."backup_codes" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("auth"."backup_codes"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "backup_codes_own_delete" ON "auth"."backup_codes" AS PERMISSIVE FOR DELETE TO "mana_app" USING ("auth"."backup_codes"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "backup_codes_auth_select" ON "auth"."backup_codes" AS PERMISSIVE FOR SELECT TO "mana_auth" USING (true);--> statement-breakpoint
CREATE POLICY "backup_codes_auth_update" ON "auth"."backup_codes" AS PERMISSIVE FOR UPDATE TO "mana_auth" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "totps_own_select" ON "auth"."totps" AS PERMISSIVE FOR SELECT TO "mana_app" USING ("auth"."totps"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "totps_own_insert" ON "auth"."totps" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("auth"."totps"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "totps_own_update" ON "auth"."totps" AS PERMISSIVE FOR UPDATE TO "mana_app" USING ("auth"."totps"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid)) WITH CHECK ("auth"."totps"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "totps_own_delete" ON "auth"."totps" AS PERMISSIVE FOR DELETE TO "mana_app" USING ("auth"."totps"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "totps_auth_select" ON "auth"."totps" AS PERMISSIVE FOR SELECT TO "mana_auth" USING (true);--> statement-breakpoint
CREATE POLICY "totps_auth_update" ON "auth"."totps" AS PERMISSIVE FOR UPDATE TO "mana_auth" USING (true) WITH CHECK (true);
--> statement-breakpoint
ALTER TABLE "auth"."totps" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."backup_codes" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."recovery_openers" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.totps TO mana_app;--> statement-breakpoint
GRANT SELECT, UPDATE ON auth.totps TO mana_auth;--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON auth.backup_codes TO mana_app;--> statement-breakpoint
GRANT SELECT, UPDATE ON auth.backup_codes TO mana_auth;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON auth.recovery_openers TO mana_app;--> statement-breakpoint
GRANT SELECT ON auth.recovery_openers TO mana_auth;--> statement-breakpoint
GRANT UPDATE ON auth.credentials TO mana_auth;
