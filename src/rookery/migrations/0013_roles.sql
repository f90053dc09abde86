-- A database role for each service, for processes that run apart: it touches its own schema, and what all share in kit and
-- bus. What a service may read of another is published to it as a view in its own schema, which runs with the rights of
-- the owner of both. See docs/decisions/0017-services-apart.md.

-- Whose session an access token is of; every service asks.
CREATE VIEW kit.sessions AS SELECT id, user_id, expires_at FROM users.sessions;

-- What timelines are made of, beside `timelines.home`, `timelines.vouches` and `timelines.post_facts`.
CREATE VIEW timelines.posts AS
    SELECT id, author_id, lang, entities, reply_to_id, reply_to_author_id, conversation_id, quote_of_id, deleted_at
    FROM posts.posts;
CREATE VIEW timelines.likes AS SELECT id, user_id, post_id FROM posts.likes;
CREATE VIEW timelines.reposts AS SELECT id, user_id, post_id FROM posts.reposts;
CREATE VIEW timelines.accounts AS SELECT id FROM users.users;

-- Whose the files are, in the report of what they take.
CREATE VIEW media.accounts AS SELECT id, username FROM users.users;

-- Makes `rookery_<service>`, a role without login, unless it is there (roles belong to the whole server), and grants it
-- what stands in this database now; later tables of its schema follow by default privileges. A migration that brings a
-- service calls it behind the service's tables. May be repeated. Where roles may not be created it says so and leaves
-- all services the one role that they connect by.
CREATE FUNCTION kit.make_service_role(service text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    role text := 'rookery_' || service;
BEGIN
    BEGIN
        IF to_regrole(role) IS NULL THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role);
        END IF;
        IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', role);
        END IF;
    EXCEPTION
        WHEN duplicate_object OR unique_violation THEN -- another database of this server was faster
            NULL;
        WHEN insufficient_privilege THEN
            RAISE WARNING 'role % was not made: %', role, SQLERRM;
            RETURN false;
    END;

    EXECUTE format('GRANT USAGE ON SCHEMA kit, bus TO %I', role);
    EXECUTE format('GRANT SELECT ON kit.sessions, public.rookery_migrations TO %I', role);
    EXECUTE format('GRANT SELECT, UPDATE ON kit.nodes TO %I', role);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON kit.idempotency_keys TO %I', role);
    EXECUTE format('GRANT SELECT, INSERT ON kit.consumed, bus.outbox, bus.groups TO %I', role);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON bus.positions, bus.dead_letters TO %I', role);

    IF to_regnamespace(service) IS NOT NULL THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', service, role);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', service, role);
        EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', service, role);
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I',
                       service, role);
        EXECUTE format('ALTER DEFAULT PRIVILEGES IN SCHEMA %I GRANT USAGE ON SEQUENCES TO %I', service, role);
    END IF;
    RETURN true;
END $$;

SELECT kit.make_service_role(service)
FROM unnest(ARRAY['users', 'posts', 'timelines', 'notifications', 'media', 'search', 'gateway']) AS service;
