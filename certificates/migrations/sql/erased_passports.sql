-- A skills passport was made by consent: of a person who is erased it loses what it says. Certificates keep theirs.
CREATE FUNCTION certificates_passport_loses_words(was certificates_passport, becomes certificates_passport)
    RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT to_jsonb(was) - '{claims,token,withdrawn_at}'::text[] = to_jsonb(becomes) - '{claims,token,withdrawn_at}'::text[]
        AND becomes.withdrawn_at IS NOT NULL AND accounts_is_being_erased(was.holder_id)
$$;
DROP TRIGGER passport_only_withdrawn ON certificates_passport;
CREATE TRIGGER passport_only_withdrawn BEFORE UPDATE ON certificates_passport
    FOR EACH ROW WHEN (NOT certificates_passport_loses_words(OLD, NEW))
    EXECUTE FUNCTION certificates_passport_only_withdrawn();
