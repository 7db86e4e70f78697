CREATE TYPE "auth"."mail_state" AS ENUM('waiting', 'sent', 'failed', 'dropped');--> statement-breakpoint
CREATE TABLE "auth"."address_changes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"new_email" text NOT NULL,
	"token_hash" text NOT NULL,
	"token_until_ms" bigint NOT NULL,
	"old_email" text,
	"undo_hash" text,
	"undo_until_ms" bigint,
	"created_at_ms" bigint NOT NULL,
	CONSTRAINT "address_changes_token_hash_unique" UNIQUE("token_hash"),
	CONSTRAINT "address_changes_undo_hash_unique" UNIQUE("undo_hash")
);
--> statement-breakpoint
ALTER TABLE "auth"."address_changes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "auth"."pending_sign_ups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"address_key" text NOT NULL,
	"sealed" text NOT NULL,
	"token_hash" text NOT NULL,
	"token_until_ms" bigint NOT NULL,
	"created_at_ms" bigint NOT NULL,
	CONSTRAINT "pending_sign_ups_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
ALTER TABLE "auth"."pending_sign_ups" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "auth"."mails" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid,
	"state" "auth"."mail_state" NOT NULL,
	"sealed" text,
	"tries" integer NOT NULL,
	"next_at_ms" bigint NOT NULL,
	"expires_at_ms" bigint NOT NULL,
	"created_at_ms" bigint NOT NULL,
	"trouble" text
);
--> statement-breakpoint
ALTER TABLE "auth"."mails" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."address_changes" ADD CONSTRAINT "address_changes_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "auth"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "address_changes_account" ON "auth"."address_changes" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "address_changes_old_email" ON "auth"."address_changes" USING btree ("old_email");--> statement-breakpoint
CREATE INDEX "pending_sign_ups_address" ON "auth"."pending_sign_ups" USING btree ("address_key","created_at_ms");--> statement-breakpoint
CREATE INDEX "mails_due" ON "auth"."mails" USING btree ("state","next_at_ms");--> statement-breakpoint
CREATE INDEX "mails_account" ON "auth"."mails" USING btree ("account_id");--> statement-breakpoint
CREATE POLICY "address_changes_own_select" ON "auth"."address_changes" AS PERMISSIVE FOR SELECT TO "mana_app" USING ("auth"."address_changes"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "address_changes_own_insert" ON "auth"."address_changes" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("auth"."address_changes"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "address_changes_own_update" ON "auth"."address_changes" AS PERMISSIVE FOR UPDATE TO "mana_app" USING ("auth"."address_changes"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid)) WITH CHECK ("auth"."address_changes"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "address_changes_own_delete" ON "auth"."address_changes" AS PERMISSIVE FOR DELETE TO "mana_app" USING ("auth"."address_changes"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "address_changes_leave_all" ON "auth"."address_changes" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("auth"."address_changes"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "address_changes_auth_select" ON "auth"."address_changes" AS PERMISSIVE FOR SELECT TO "mana_auth" USING (true);--> statement-breakpoint
CREATE POLICY "pending_sign_ups_auth_all" ON "auth"."pending_sign_ups" AS PERMISSIVE FOR ALL TO "mana_auth" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "mails_own_insert" ON "auth"."mails" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("auth"."mails"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "mails_leave_all" ON "auth"."mails" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("auth"."mails"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "mails_auth_all" ON "auth"."mails" AS PERMISSIVE FOR ALL TO "mana_auth" USING (true) WITH CHECK (true);--> statement-breakpoint
ALTER TABLE "auth"."address_changes" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."pending_sign_ups" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."mails" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
GRANT UPDATE (email) ON auth.accounts TO mana_app;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.address_changes TO mana_app;--> statement-breakpoint
GRANT SELECT ON auth.address_changes TO mana_auth;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.pending_sign_ups TO mana_auth;--> statement-breakpoint
GRANT INSERT ON auth.mails TO mana_app;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.mails TO mana_auth;
