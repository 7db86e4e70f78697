CREATE TABLE "auth"."passkeys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"credential_id" text NOT NULL,
	"public_key_b64url" text NOT NULL,
	"counter" bigint NOT NULL,
	"name" text NOT NULL,
	"aaguid" text NOT NULL,
	"transports" text[] NOT NULL,
	"backed_up" boolean NOT NULL,
	"created_at_ms" bigint NOT NULL,
	"last_used_at_ms" bigint,
	"wrap_version" integer,
	"wrap_iv_b64" text,
	"wrap_ciphertext_b64" text,
	CONSTRAINT "passkeys_credential_id_unique" UNIQUE("credential_id")
);
--> statement-breakpoint
ALTER TABLE "auth"."passkeys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."passkeys" ADD CONSTRAINT "passkeys_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "auth"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "passkeys_account" ON "auth"."passkeys" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "network_limits_window" ON "auth"."network_limits" USING btree ("window_start_ms");--> statement-breakpoint
CREATE POLICY "passkeys_own_select" ON "auth"."passkeys" AS PERMISSIVE FOR SELECT TO "mana_app" USING ("auth"."passkeys"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "passkeys_own_insert" ON "auth"."passkeys" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("auth"."passkeys"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "passkeys_own_update" ON "auth"."passkeys" AS PERMISSIVE FOR UPDATE TO "mana_app" USING ("auth"."passkeys"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid)) WITH CHECK ("auth"."passkeys"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "passkeys_own_delete" ON "auth"."passkeys" AS PERMISSIVE FOR DELETE TO "mana_app" USING ("auth"."passkeys"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "passkeys_auth_select" ON "auth"."passkeys" AS PERMISSIVE FOR SELECT TO "mana_auth" USING (true);--> statement-breakpoint
CREATE POLICY "passkeys_auth_update" ON "auth"."passkeys" AS PERMISSIVE FOR UPDATE TO "mana_auth" USING (true) WITH CHECK (true);--> statement-breakpoint
ALTER TABLE "auth"."passkeys" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.passkeys TO mana_app;--> statement-breakpoint
GRANT SELECT (id, account_id, credential_id, public_key_b64url, counter) ON auth.passkeys TO mana_auth;--> statement-breakpoint
GRANT UPDATE (counter, backed_up, last_used_at_ms) ON auth.passkeys TO mana_auth;
