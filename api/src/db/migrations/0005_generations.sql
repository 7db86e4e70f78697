CREATE TABLE "sync"."shared_points" (
	"space_id" uuid NOT NULL,
	"generation" integer NOT NULL,
	"seq" bigint NOT NULL,
	CONSTRAINT "shared_points_space_id_generation_pk" PRIMARY KEY("space_id","generation")
);
--> statement-breakpoint
ALTER TABLE "sync"."shared_points" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "sync"."server_state" ADD COLUMN "earlier_generations" integer[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "sync"."spaces" ADD COLUMN "generation" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE POLICY "shared_points_member_select" ON "sync"."shared_points" AS PERMISSIVE FOR SELECT TO "mana_app" USING (space_id in (select space_id from sync.members where account_id = (select nullif(current_setting('app.account', true), '')::uuid)));--> statement-breakpoint
CREATE POLICY "shared_points_writer_insert" ON "sync"."shared_points" AS PERMISSIVE FOR INSERT TO "mana_app" WITH CHECK (space_id in (select space_id from sync.members where account_id = (select nullif(current_setting('app.account', true), '')::uuid) and not read_only));--> statement-breakpoint
ALTER TABLE "sync"."shared_points" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
GRANT SELECT, INSERT ON sync.shared_points TO mana_app;--> statement-breakpoint
CREATE FUNCTION sync.note_shared_point() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  running integer;
BEGIN
  SELECT state.generation INTO running FROM sync.server_state state;
  IF old.generation < running THEN
    INSERT INTO sync.shared_points (space_id, generation, seq) VALUES (old.id, running, old.seq);
    new.generation := running;
  END IF;
  RETURN new;
END $$;--> statement-breakpoint
CREATE TRIGGER note_shared_point BEFORE UPDATE OF seq ON sync.spaces FOR EACH ROW EXECUTE FUNCTION sync.note_shared_point();
