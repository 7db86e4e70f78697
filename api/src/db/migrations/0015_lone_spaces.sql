CREATE FUNCTION sync.lone_spaces() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' AS $$
	select m.space_id from sync.members m
	where m.account_id = nullif(current_setting('app.account', true), '')::uuid and m.role = 'owner'
	and not exists (select from sync.members o where o.space_id = m.space_id and o.account_id <> m.account_id)
$$;
--> statement-breakpoint
-- A new owner of a function must be able to make one in its schema: for this moment only.
GRANT CREATE ON SCHEMA sync TO mana_members;
--> statement-breakpoint
ALTER FUNCTION sync.lone_spaces() OWNER TO mana_members;
--> statement-breakpoint
REVOKE CREATE ON SCHEMA sync FROM mana_members;
--> statement-breakpoint
REVOKE ALL ON FUNCTION sync.lone_spaces() FROM PUBLIC;
--> statement-breakpoint
GRANT EXECUTE ON FUNCTION sync.lone_spaces() TO mana_leave;
--> statement-breakpoint
ALTER POLICY "invitations_leave_all" ON "sync"."invitations" TO mana_leave USING ("sync"."invitations"."made_by" = (select nullif(current_setting('app.account', true), '')::uuid) or "sync"."invitations"."taken_by" = (select nullif(current_setting('app.account', true), '')::uuid) or (space_id in (select id from sync.spaces where created_by = (select nullif(current_setting('app.account', true), '')::uuid)) or space_id in (select sync.lone_spaces())));--> statement-breakpoint
ALTER POLICY "leavings_leave_all" ON "sync"."leavings" TO mana_leave USING ("sync"."leavings"."account_id" = (select nullif(current_setting('app.account', true), '')::uuid) or (space_id in (select id from sync.spaces where created_by = (select nullif(current_setting('app.account', true), '')::uuid)) or space_id in (select sync.lone_spaces())));--> statement-breakpoint
ALTER POLICY "statements_leave_all" ON "sync"."statements" TO mana_leave USING ((space_id in (select id from sync.spaces where created_by = (select nullif(current_setting('app.account', true), '')::uuid)) or space_id in (select sync.lone_spaces())));--> statement-breakpoint
ALTER POLICY "records_leave_all" ON "sync"."records" TO mana_leave USING ((space_id in (select id from sync.spaces where created_by = (select nullif(current_setting('app.account', true), '')::uuid)) or space_id in (select sync.lone_spaces())));--> statement-breakpoint
ALTER POLICY "shared_points_leave_all" ON "sync"."shared_points" TO mana_leave USING ((space_id in (select id from sync.spaces where created_by = (select nullif(current_setting('app.account', true), '')::uuid)) or space_id in (select sync.lone_spaces())));--> statement-breakpoint
ALTER POLICY "spaces_leave_all" ON "sync"."spaces" TO mana_leave USING ("sync"."spaces"."created_by" = (select nullif(current_setting('app.account', true), '')::uuid) or id in (select sync.lone_spaces()));