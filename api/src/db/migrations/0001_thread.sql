CREATE SCHEMA "auth";
--> statement-breakpoint
CREATE SCHEMA "sync";
--> statement-breakpoint
CREATE TYPE "auth"."attempt_state" AS ENUM('open', 'ok', 'rejected', 'infra');--> statement-breakpoint
CREATE TYPE "auth"."client_kind" AS ENUM('web', 'extension');--> statement-breakpoint
CREATE TYPE "auth"."wrap_kind" AS ENUM('password', 'recovery');--> statement-breakpoint
CREATE TYPE "sync"."member_role" AS ENUM('owner', 'admin', 'member');--> statement-breakpoint
CREATE TYPE "sync"."space_type" AS ENUM('personal', 'brand', 'club', 'family', 'team', 'practice');--> statement-breakpoint
CREATE TABLE "auth"."accounts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"created_at_ms" bigint NOT NULL,
	CONSTRAINT "accounts_email_unique" UNIQUE("email")
);
--> statement-breakpoint
ALTER TABLE "auth"."accounts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "auth"."attempts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"throttle_key" text NOT NULL,
	"account_id" uuid,
	"state" "auth"."attempt_state" NOT NULL,
	"opened_at_ms" bigint NOT NULL,
	"closed_at_ms" bigint
);
--> statement-breakpoint
ALTER TABLE "auth"."attempts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "auth"."credentials" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"scheme" text NOT NULL,
	"registration_record" text NOT NULL,
	"created_at_ms" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "auth"."credentials" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "auth"."identities" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"sealing_public_b64" text NOT NULL,
	"signing_public_b64" text NOT NULL,
	"private_iv_b64" text NOT NULL,
	"private_ciphertext_b64" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "auth"."identities" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "auth"."network_limits" (
	"limit_key" text PRIMARY KEY NOT NULL,
	"window_start_ms" bigint NOT NULL,
	"hits" integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE "auth"."network_limits" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "auth"."refresh_tokens" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"session_id" uuid NOT NULL,
	"created_at_ms" bigint NOT NULL,
	"spent_at_ms" bigint
);
--> statement-breakpoint
ALTER TABLE "auth"."refresh_tokens" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "auth"."sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"token_hash" text NOT NULL,
	"client" "auth"."client_kind" NOT NULL,
	"device" text NOT NULL,
	"network" text NOT NULL,
	"created_at_ms" bigint NOT NULL,
	"last_used_at_ms" bigint NOT NULL,
	"expires_at_ms" bigint NOT NULL,
	CONSTRAINT "sessions_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
ALTER TABLE "auth"."sessions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "auth"."throttles" (
	"throttle_key" text PRIMARY KEY NOT NULL,
	"locked_until_ms" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "auth"."throttles" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "auth"."wraps" (
	"account_id" uuid NOT NULL,
	"kind" "auth"."wrap_kind" NOT NULL,
	"version" integer NOT NULL,
	"iv_b64" text NOT NULL,
	"ciphertext_b64" text NOT NULL,
	CONSTRAINT "wraps_account_id_kind_pk" PRIMARY KEY("account_id","kind")
);
--> statement-breakpoint
ALTER TABLE "auth"."wraps" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sync"."members" (
	"space_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"role" "sync"."member_role" NOT NULL,
	"read_only" boolean NOT NULL,
	"founded_by" uuid,
	CONSTRAINT "members_space_id_account_id_pk" PRIMARY KEY("space_id","account_id")
);
--> statement-breakpoint
ALTER TABLE "sync"."members" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sync"."pushes" (
	"account_id" uuid NOT NULL,
	"device" text NOT NULL,
	"n" bigint NOT NULL,
	"digest" text NOT NULL,
	"outcome" text NOT NULL,
	CONSTRAINT "pushes_account_id_device_pk" PRIMARY KEY("account_id","device")
);
--> statement-breakpoint
ALTER TABLE "sync"."pushes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sync"."records" (
	"space_id" uuid NOT NULL,
	"table_name" text NOT NULL,
	"id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"bytes" integer NOT NULL,
	"fields" json NOT NULL,
	CONSTRAINT "records_space_id_table_name_id_pk" PRIMARY KEY("space_id","table_name","id")
);
--> statement-breakpoint
ALTER TABLE "sync"."records" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sync"."server_state" (
	"id" integer PRIMARY KEY NOT NULL,
	"generation" integer NOT NULL,
	"high_water_ms" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sync"."space_keys" (
	"space_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"epoch" integer NOT NULL,
	"enc_b64" text NOT NULL,
	"ciphertext_b64" text NOT NULL,
	CONSTRAINT "space_keys_space_id_account_id_epoch_pk" PRIMARY KEY("space_id","account_id","epoch")
);
--> statement-breakpoint
ALTER TABLE "sync"."space_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sync"."spaces" (
	"id" uuid PRIMARY KEY NOT NULL,
	"type" "sync"."space_type" NOT NULL,
	"created_by" uuid NOT NULL,
	"epoch" integer NOT NULL,
	"seq" bigint NOT NULL,
	"created_at_ms" bigint NOT NULL,
	CONSTRAINT "spaces_founder" UNIQUE("id","created_by")
);
--> statement-breakpoint
ALTER TABLE "sync"."spaces" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."credentials" ADD CONSTRAINT "credentials_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "auth"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth"."identities" ADD CONSTRAINT "identities_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "auth"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth"."refresh_tokens" ADD CONSTRAINT "refresh_tokens_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "auth"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth"."sessions" ADD CONSTRAINT "sessions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "auth"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth"."wraps" ADD CONSTRAINT "wraps_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "auth"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sync"."members" ADD CONSTRAINT "members_space_id_founded_by_spaces_id_created_by_fk" FOREIGN KEY ("space_id","founded_by") REFERENCES "sync"."spaces"("id","created_by") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "attempts_throttle_key" ON "auth"."attempts" USING btree ("throttle_key","opened_at_ms");--> statement-breakpoint
CREATE INDEX "refresh_tokens_session" ON "auth"."refresh_tokens" USING btree ("session_id");--> statement-breakpoint
CREATE INDEX "sessions_account" ON "auth"."sessions" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "members_account" ON "sync"."members" USING btree ("account_id");--> statement-breakpoint
CREATE UNIQUE INDEX "records_seq" ON "sync"."records" USING btree ("space_id","seq");--> statement-breakpoint
CREATE POLICY "accounts_own_select" ON "auth"."accounts" AS PERMISSIVE FOR SELECT TO "mana_app" USING ("auth"."accounts"."id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "accounts_own_insert" ON "auth"."accounts" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("auth"."accounts"."id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "accounts_auth_select" ON "auth"."accounts" AS PERMISSIVE FOR SELECT TO "mana_auth" USING (true);--> statement-breakpoint
CREATE POLICY "attempts_auth_all" ON "auth"."attempts" AS PERMISSIVE FOR ALL TO "mana_auth" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "credentials_own_insert" ON "auth"."credentials" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("auth"."credentials"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "credentials_auth_select" ON "auth"."credentials" AS PERMISSIVE FOR SELECT TO "mana_auth" USING (true);--> statement-breakpoint
CREATE POLICY "identities_own_select" ON "auth"."identities" AS PERMISSIVE FOR SELECT TO "mana_app" USING ("auth"."identities"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "identities_own_insert" ON "auth"."identities" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("auth"."identities"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "network_limits_auth_all" ON "auth"."network_limits" AS PERMISSIVE FOR ALL TO "mana_auth" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "refresh_tokens_auth_all" ON "auth"."refresh_tokens" AS PERMISSIVE FOR ALL TO "mana_auth" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "sessions_own_select" ON "auth"."sessions" AS PERMISSIVE FOR SELECT TO "mana_app" USING ("auth"."sessions"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "sessions_own_delete" ON "auth"."sessions" AS PERMISSIVE FOR DELETE TO "mana_app" USING ("auth"."sessions"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "sessions_auth_all" ON "auth"."sessions" AS PERMISSIVE FOR ALL TO "mana_auth" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "throttles_auth_all" ON "auth"."throttles" AS PERMISSIVE FOR ALL TO "mana_auth" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "wraps_own_select" ON "auth"."wraps" AS PERMISSIVE FOR SELECT TO "mana_app" USING ("auth"."wraps"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "wraps_own_insert" ON "auth"."wraps" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("auth"."wraps"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "wraps_own_update" ON "auth"."wraps" AS PERMISSIVE FOR UPDATE TO "mana_app" USING ("auth"."wraps"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid)) WITH CHECK ("auth"."wraps"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "members_own_select" ON "sync"."members" AS PERMISSIVE FOR SELECT TO "mana_app" USING ("sync"."members"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "members_founder_insert" ON "sync"."members" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("sync"."members"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid) and "sync"."members"."founded_by" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "pushes_own_select" ON "sync"."pushes" AS PERMISSIVE FOR SELECT TO "mana_app" USING ("sync"."pushes"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "pushes_own_insert" ON "sync"."pushes" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("sync"."pushes"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "pushes_own_update" ON "sync"."pushes" AS PERMISSIVE FOR UPDATE TO "mana_app" USING ("sync"."pushes"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid)) WITH CHECK ("sync"."pushes"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "records_member_select" ON "sync"."records" AS PERMISSIVE FOR SELECT TO "mana_app" USING (space_id in (select space_id from sync.members where account_id = (select nullif(current_setting('app.account', true), '')::uuid)));--> statement-breakpoint
CREATE POLICY "records_writer_insert" ON "sync"."records" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK (space_id in (select space_id from sync.members where account_id = (select nullif(current_setting('app.account', true), '')::uuid) and not read_only));--> statement-breakpoint
CREATE POLICY "records_writer_update" ON "sync"."records" AS PERMISSIVE FOR UPDATE TO "mana_app" USING (space_id in (select space_id from sync.members where account_id = (select nullif(current_setting('app.account', true), '')::uuid) and not read_only)) WITH CHECK (space_id in (select space_id from sync.members where account_id = (select nullif(current_setting('app.account', true), '')::uuid) and not read_only));--> statement-breakpoint
CREATE POLICY "space_keys_own_select" ON "sync"."space_keys" AS PERMISSIVE FOR SELECT TO "mana_app" USING ("sync"."space_keys"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "space_keys_own_insert" ON "sync"."space_keys" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("sync"."space_keys"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid) and space_id in (select space_id from sync.members where account_id = (select nullif(current_setting('app.account', true), '')::uuid)));--> statement-breakpoint
CREATE POLICY "spaces_member_select" ON "sync"."spaces" AS PERMISSIVE FOR SELECT TO "mana_app" USING ("sync"."spaces"."created_by" = (select nullif(current_setting('app.account', true), '')::uuid) or id in (select space_id from sync.members where account_id = (select nullif(current_setting('app.account', true), '')::uuid)));--> statement-breakpoint
CREATE POLICY "spaces_founder_insert" ON "sync"."spaces" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("sync"."spaces"."created_by" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "spaces_writer_update" ON "sync"."spaces" AS PERMISSIVE FOR UPDATE TO "mana_app" USING (id in (select space_id from sync.members where account_id = (select nullif(current_setting('app.account', true), '')::uuid))) WITH CHECK (id in (select space_id from sync.members where account_id = (select nullif(current_setting('app.account', true), '')::uuid) and not read_only));