CREATE TABLE "auth"."profiles" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"photo" text,
	"community_show_real_name" boolean DEFAULT false NOT NULL,
	"onboarded_at_ms" bigint
);
--> statement-breakpoint
ALTER TABLE "auth"."profiles" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."profiles" ADD CONSTRAINT "profiles_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "auth"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "accounts_own_update" ON "auth"."accounts" AS PERMISSIVE FOR UPDATE TO "mana_app" USING ("auth"."accounts"."id" = (select nullif(current_setting('app.account', true), '')::uuid)) WITH CHECK ("auth"."accounts"."id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "profiles_own_select" ON "auth"."profiles" AS PERMISSIVE FOR SELECT TO "mana_app" USING ("auth"."profiles"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "profiles_own_insert" ON "auth"."profiles" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("auth"."profiles"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "profiles_own_update" ON "auth"."profiles" AS PERMISSIVE FOR UPDATE TO "mana_app" USING ("auth"."profiles"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid)) WITH CHECK ("auth"."profiles"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "profiles_leave_all" ON "auth"."profiles" AS PERMISSIVE FOR ALL TO "mana_leave" USING ("auth"."profiles"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid));
--> statement-breakpoint
-- Whoever has an account already is at work: the first screens are not for them. The owner passes a policy only while it is not forced.
ALTER TABLE "auth"."accounts" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
INSERT INTO auth.profiles (account_id, onboarded_at_ms) SELECT id, created_at_ms FROM auth.accounts;--> statement-breakpoint
ALTER TABLE "auth"."accounts" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "auth"."profiles" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
GRANT UPDATE (name) ON auth.accounts TO mana_app;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON auth.profiles TO mana_app;
