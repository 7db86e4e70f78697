-- Roles belong to the whole cluster: another database of it may have made them, even at this moment.
DO $$ BEGIN CREATE ROLE mana_members NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
--> statement-breakpoint
GRANT mana_members TO CURRENT_USER;
--> statement-breakpoint
CREATE FUNCTION sync.own_spaces() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
	select space_id from sync.members where account_id = nullif(current_setting('app.account', true), '')::uuid
$$;
--> statement-breakpoint
CREATE FUNCTION sync.led_spaces() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
	select space_id from sync.members
	where account_id = nullif(current_setting('app.account', true), '')::uuid and role in ('owner', 'admin')
$$;
--> statement-breakpoint
-- A new owner of a function must be able to make one in its schema: for this moment only.
GRANT USAGE, CREATE ON SCHEMA sync TO mana_members;
--> statement-breakpoint
ALTER FUNCTION sync.own_spaces() OWNER TO mana_members;
--> statement-breakpoint
ALTER FUNCTION sync.led_spaces() OWNER TO mana_members;
--> statement-breakpoint
REVOKE CREATE ON SCHEMA sync FROM mana_members;
--> statement-breakpoint
GRANT SELECT ON sync.members TO mana_members;
--> statement-breakpoint
REVOKE ALL ON FUNCTION sync.own_spaces(), sync.led_spaces() FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION sync.own_spaces(), sync.led_spaces() TO mana_app;
--> statement-breakpoint
CREATE TABLE "sync"."invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"space_id" uuid NOT NULL,
	"space_type" "sync"."space_type" NOT NULL,
	"token_hash" text NOT NULL,
	"role" "sync"."member_role" NOT NULL,
	"read_only" boolean NOT NULL,
	"expires_at_ms" bigint NOT NULL,
	"made_by" uuid NOT NULL,
	"made_by_name" text NOT NULL,
	"made_by_sealing_b64" text NOT NULL,
	"made_by_signing_b64" text NOT NULL,
	"sealed_enc_b64" text NOT NULL,
	"sealed_ciphertext_b64" text NOT NULL,
	"taken_by" uuid,
	"taken_name" text,
	"taken_sealing_b64" text,
	"taken_signing_b64" text,
	"proof_b64" text,
	"acceptance_enc_b64" text,
	"acceptance_ciphertext_b64" text,
	CONSTRAINT "invitations_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
ALTER TABLE "sync"."invitations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sync"."leavings" (
	"space_id" uuid NOT NULL,
	"account_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"signature_b64" text NOT NULL,
	CONSTRAINT "leavings_space_id_account_id_pk" PRIMARY KEY("space_id","account_id")
);
--> statement-breakpoint
ALTER TABLE "sync"."leavings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sync"."statements" (
	"space_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"signer" uuid NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "statements_space_id_number_pk" PRIMARY KEY("space_id","number")
);
--> statement-breakpoint
ALTER TABLE "sync"."statements" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "sync"."members" ADD COLUMN "name" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "sync"."members" ADD COLUMN "acceptance_enc_b64" text;--> statement-breakpoint
ALTER TABLE "sync"."members" ADD COLUMN "acceptance_ciphertext_b64" text;--> statement-breakpoint
CREATE INDEX "invitations_space" ON "sync"."invitations" USING btree ("space_id");--> statement-breakpoint
DROP POLICY "members_own_select" ON "sync"."members" CASCADE;--> statement-breakpoint
CREATE POLICY "members_member_select" ON "sync"."members" AS PERMISSIVE FOR SELECT TO "mana_app" USING ("sync"."members"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid) or space_id in (select sync.own_spaces()));--> statement-breakpoint
CREATE POLICY "members_functions_select" ON "sync"."members" AS PERMISSIVE FOR SELECT TO "mana_members" USING (true);--> statement-breakpoint
CREATE POLICY "members_leader_insert" ON "sync"."members" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK (space_id in (select sync.led_spaces()) and "sync"."members"."founded_by" is null and exists (select from sync.invitations i where i.space_id = members.space_id and i.taken_by = members.account_id));--> statement-breakpoint
CREATE POLICY "members_leader_update" ON "sync"."members" AS PERMISSIVE FOR UPDATE TO "mana_app" USING (space_id in (select sync.led_spaces())) WITH CHECK (space_id in (select sync.led_spaces()));--> statement-breakpoint
CREATE POLICY "members_leader_delete" ON "sync"."members" AS PERMISSIVE FOR DELETE TO "mana_app" USING ("sync"."members"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid) or space_id in (select sync.led_spaces()));--> statement-breakpoint
CREATE POLICY "space_keys_leader_insert" ON "sync"."space_keys" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK (space_id in (select sync.led_spaces()) and exists (select from sync.members m where m.space_id = space_keys.space_id and m.account_id = space_keys.account_id));--> statement-breakpoint
CREATE POLICY "space_keys_leader_delete" ON "sync"."space_keys" AS PERMISSIVE FOR DELETE TO "mana_app" USING ("sync"."space_keys"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid) or space_id in (select sync.led_spaces()));--> statement-breakpoint
CREATE POLICY "invitations_leader_select" ON "sync"."invitations" AS PERMISSIVE FOR SELECT TO "mana_app" USING (space_id in (select sync.led_spaces()));--> statement-breakpoint
CREATE POLICY "invitations_holder_select" ON "sync"."invitations" AS PERMISSIVE FOR SELECT TO "mana_app" USING (token_hash = (select nullif(current_setting('app.invitation', true), '')));--> statement-breakpoint
CREATE POLICY "invitations_leader_insert" ON "sync"."invitations" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("sync"."invitations"."made_by" = (select nullif(current_setting('app.account', true), '')::uuid) and "sync"."invitations"."taken_by" is null and space_id in (select sync.led_spaces()));--> statement-breakpoint
CREATE POLICY "invitations_holder_update" ON "sync"."invitations" AS PERMISSIVE FOR UPDATE TO "mana_app" USING (token_hash = (select nullif(current_setting('app.invitation', true), '')) and ("sync"."invitations"."taken_by" is null or "sync"."invitations"."taken_by" = (select nullif(current_setting('app.account', true), '')::uuid))) WITH CHECK (token_hash = (select nullif(current_setting('app.invitation', true), '')) and "sync"."invitations"."taken_by" = (select nullif(current_setting('app.account', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "invitations_leader_delete" ON "sync"."invitations" AS PERMISSIVE FOR DELETE TO "mana_app" USING (space_id in (select sync.led_spaces()));--> statement-breakpoint
CREATE POLICY "leavings_member_select" ON "sync"."leavings" AS PERMISSIVE FOR SELECT TO "mana_app" USING (space_id in (select space_id from sync.members where account_id = (select nullif(current_setting('app.account', true), '')::uuid)));--> statement-breakpoint
CREATE POLICY "leavings_own_insert" ON "sync"."leavings" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("sync"."leavings"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid) and space_id in (select space_id from sync.members where account_id = (select nullif(current_setting('app.account', true), '')::uuid)));--> statement-breakpoint
CREATE POLICY "leavings_leader_delete" ON "sync"."leavings" AS PERMISSIVE FOR DELETE TO "mana_app" USING (space_id in (select sync.led_spaces()));--> statement-breakpoint
CREATE POLICY "statements_member_select" ON "sync"."statements" AS PERMISSIVE FOR SELECT TO "mana_app" USING (space_id in (select space_id from sync.members where account_id = (select nullif(current_setting('app.account', true), '')::uuid)));--> statement-breakpoint
CREATE POLICY "statements_leader_insert" ON "sync"."statements" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK ("sync"."statements"."signer" = (select nullif(current_setting('app.account', true), '')::uuid) and space_id in (select sync.led_spaces()));--> statement-breakpoint
ALTER TABLE "sync"."statements" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "sync"."invitations" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "sync"."leavings" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
GRANT UPDATE (epoch) ON sync.spaces TO mana_app;--> statement-breakpoint
GRANT UPDATE (role, read_only), DELETE ON sync.members TO mana_app;--> statement-breakpoint
GRANT DELETE ON sync.space_keys TO mana_app;--> statement-breakpoint
GRANT SELECT, INSERT ON sync.statements TO mana_app;--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON sync.invitations TO mana_app;--> statement-breakpoint
GRANT UPDATE (taken_by, taken_name, taken_sealing_b64, taken_signing_b64, proof_b64, acceptance_enc_b64, acceptance_ciphertext_b64) ON sync.invitations TO mana_app;--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON sync.leavings TO mana_app;
