-- The embedded database gathers no statistics: to it, a table of a space is one record, and any index is as good as another. A look-up by
-- name then read all records of the table. This tells it that spaces and tables hold many; a server that gathers statistics replaces it.
DO $$
DECLARE
  name text;
BEGIN
  IF to_regproc('pg_catalog.pg_restore_attribute_stats') IS NULL THEN RETURN; END IF;
  FOREACH name IN ARRAY ARRAY['space_id', 'table_name'] LOOP
    EXECUTE format(
      'SELECT pg_restore_attribute_stats(''schemaname'', ''sync'', ''relname'', ''records'', ''attname'', %L, ''inherited'', false, ''null_frac'', 0::real, ''avg_width'', 16::integer, ''n_distinct'', 10::real)',
      name);
  END LOOP;
END $$;
