-- Pushes that wait at the same time are written in one transaction. Each statement of these functions acts in the name of the one whose
-- push it is: the policies hold as they do for a single push, for the functions have no rights of their own.
CREATE FUNCTION sync.open_pushes(arrived jsonb)
RETURNS TABLE (place integer, n bigint, digest text, outcome text, space uuid, seq bigint, epoch integer, read_only boolean, table_name text, id uuid, fields text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  push record;
  known record;
BEGIN
  -- Locks are taken in one order by everybody: first all devices, then all spaces. Two groups never wait for each other.
  FOR push IN
    SELECT a.place, a.account, a.device, a.n, a.digest
    FROM jsonb_to_recordset(arrived) AS a(place integer, account uuid, device text, n bigint, digest text) ORDER BY a.account, a.device
  LOOP
    PERFORM set_config('app.account', push.account::text, true);
    SELECT p.n, p.digest, p.outcome INTO known FROM sync.pushes p WHERE p.account_id = push.account AND p.device = push.device FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO sync.pushes (account_id, device, n, digest, outcome) VALUES (push.account, push.device, 0, '', '') ON CONFLICT DO NOTHING;
      SELECT p.n, p.digest, p.outcome INTO known FROM sync.pushes p WHERE p.account_id = push.account AND p.device = push.device FOR UPDATE;
    END IF;
    RETURN QUERY SELECT push.place, known.n, known.digest, CASE WHEN known.n = push.n AND known.digest = push.digest THEN known.outcome END,
      NULL::uuid, NULL::bigint, NULL::integer, NULL::boolean, NULL::text, NULL::uuid, NULL::text;
  END LOOP;
  FOR push IN
    SELECT a.place, a.account, s.value::uuid AS space
    FROM jsonb_to_recordset(arrived) AS a(place integer, account uuid, spaces jsonb), jsonb_array_elements_text(a.spaces) AS s(value) ORDER BY s.value::uuid
  LOOP
    PERFORM set_config('app.account', push.account::text, true);
    RETURN QUERY SELECT push.place, NULL::bigint, NULL::text, NULL::text, s.id, s.seq, s.epoch, m.read_only, NULL::text, NULL::uuid, NULL::text
      FROM sync.spaces s JOIN sync.members m ON m.space_id = s.id AND m.account_id = push.account WHERE s.id = push.space FOR UPDATE OF s;
  END LOOP;
  -- Statements of their own, behind the locks: they see what the one before has committed. One look-up a record, however large the table is.
  FOR push IN SELECT a.place, a.account, a.records FROM jsonb_to_recordset(arrived) AS a(place integer, account uuid, records jsonb) LOOP
    PERFORM set_config('app.account', push.account::text, true);
    RETURN QUERY SELECT push.place, NULL::bigint, NULL::text, NULL::text, wanted.space, stored.seq, NULL::integer, NULL::boolean, wanted."table", wanted.id, stored.fields::text
      FROM jsonb_to_recordset(push.records) AS wanted(space uuid, "table" text, id uuid)
      CROSS JOIN LATERAL (
        SELECT r.seq, r.fields FROM sync.records r WHERE r.space_id = wanted.space AND r.table_name = wanted."table" AND r.id = wanted.id OFFSET 0
      ) stored;
  END LOOP;
END $$;--> statement-breakpoint
CREATE FUNCTION sync.write_pushes(decided jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  push record;
  move record;
BEGIN
  FOR push IN
    SELECT * FROM jsonb_to_recordset(decided) AS d(account uuid, device text, n bigint, digest text, outcome text, records jsonb, moves jsonb)
  LOOP
    PERFORM set_config('app.account', push.account::text, true);
    INSERT INTO sync.records (space_id, table_name, id, seq, bytes, fields)
      SELECT changed.space, changed."table", changed.id, changed.seq, changed.bytes, changed.fields::json
      FROM jsonb_to_recordset(push.records) AS changed(space uuid, "table" text, id uuid, seq bigint, bytes int, fields text)
      ON CONFLICT (space_id, table_name, id) DO UPDATE SET seq = excluded.seq, bytes = excluded.bytes, fields = excluded.fields;
    FOR move IN SELECT * FROM jsonb_to_recordset(push.moves) AS m(id uuid, seq bigint) LOOP
      UPDATE sync.spaces s SET seq = move.seq WHERE s.id = move.id;
    END LOOP;
    UPDATE sync.pushes p SET n = push.n, digest = push.digest, outcome = push.outcome WHERE p.account_id = push.account AND p.device = push.device;
  END LOOP;
END $$;--> statement-breakpoint
REVOKE ALL ON FUNCTION sync.open_pushes(jsonb), sync.write_pushes(jsonb) FROM PUBLIC;--> statement-breakpoint
GRANT EXECUTE ON FUNCTION sync.open_pushes(jsonb), sync.write_pushes(jsonb) TO mana_app;
