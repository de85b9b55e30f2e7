-- Facts of cohorts that opened before facts were fixed: of the revisions of the program that were published when they opened. Where one of
-- these is not known any more, what is published now, marked as of the upgrade. Names of levels, centers, governorates and kinds of
-- certificates have no revisions: they are those of now.
WITH opened AS (
    SELECT cohort.id, cohort.program_id, cohort.center_id, min(entry.timestamp) AS at
    FROM courses_cohort cohort
    LEFT JOIN (wagtailcore_modellogentry entry
               JOIN django_content_type kind ON kind.id = entry.content_type_id
                    AND kind.app_label = 'courses' AND kind.model = 'cohort')
        ON entry.action = 'courses.cohort.open' AND entry.object_id = cohort.id::text
    WHERE cohort.state <> 'planned'
      AND NOT EXISTS (SELECT 1 FROM courses_cohortfacts WHERE cohort_id = cohort.id)
    GROUP BY cohort.id
),
-- The pages of the program that were published when the cohort opened, one for each language, with the revision that was.
pages AS (
    SELECT opened.id AS cohort_id, page.id = opened.program_id AS is_source, locale.language_code AS language,
           revision.content
    FROM opened
    JOIN wagtailcore_page source ON source.id = opened.program_id
    JOIN wagtailcore_page page ON page.translation_key = source.translation_key
    JOIN wagtailcore_locale locale ON locale.id = page.locale_id
    LEFT JOIN LATERAL (
        SELECT entry.revision_id FROM wagtailcore_pagelogentry entry
        WHERE entry.page_id = page.id AND entry.timestamp <= opened.at
          AND entry.action IN ('wagtail.publish', 'wagtail.publish.scheduled')
        ORDER BY entry.timestamp DESC, entry.id DESC LIMIT 1
    ) published ON true
    LEFT JOIN wagtailcore_revision revision
        ON revision.id = coalesce(
               published.revision_id,
               CASE WHEN page.last_published_at <= opened.at THEN page.live_revision_id END
           )
       AND revision.object_id = page.id::text
       AND revision.content ?& ARRAY['title', 'code', 'level', 'hours', 'occupation_code']
    WHERE page.id = opened.program_id OR page.first_published_at <= opened.at
),
of_then AS (
    SELECT cohort_id, jsonb_object_agg(language, content ->> 'title') AS titles,
           (array_agg(content) FILTER (WHERE is_source))[1] AS content
    FROM pages GROUP BY cohort_id HAVING bool_and(content IS NOT NULL)
),
of_now AS (
    SELECT opened.id AS cohort_id, program.code, program.level, program.hours, program.occupation_code,
           (SELECT jsonb_object_agg(locale.language_code, page.title)
            FROM wagtailcore_page page JOIN wagtailcore_locale locale ON locale.id = page.locale_id
            WHERE page.translation_key = source.translation_key AND (page.live OR page.id = source.id)) AS titles,
           source.title
    FROM opened
    JOIN courses_programpage program ON program.page_ptr_id = opened.program_id
    JOIN wagtailcore_page source ON source.id = opened.program_id
)
INSERT INTO courses_cohortfacts (cohort_id, number, facts, source, state, reason, at)
SELECT opened.id, 1,
       jsonb_build_object(
           'program_ar', coalesce(facts.titles ->> 'ar', facts.title), 'program_en', coalesce(facts.titles ->> 'en', facts.title),
           'level', facts.level, 'level_ar', coalesce(level.name_ar, ''), 'level_en', coalesce(level.name_en, ''),
           'program_code', facts.code, 'occupation_code', facts.occupation_code, 'hours', facts.hours,
           'center_ar', center.name_ar, 'center_en', center.name_en,
           'governorate_ar', governorate.name_ar, 'governorate_en', governorate.name_en,
           'types', coalesce(kinds.types, '{}'::jsonb)
       ),
       CASE WHEN facts.is_of_then THEN 'opened' ELSE 'upgrade' END, 'accepted', '',
       CASE WHEN facts.is_of_then THEN opened.at ELSE now() END
FROM opened
JOIN accounts_center center ON center.id = opened.center_id
JOIN accounts_governorate governorate ON governorate.id = center.governorate_id
CROSS JOIN LATERAL (
    SELECT true AS is_of_then, titles, content ->> 'title' AS title, content ->> 'level' AS level,
           content ->> 'code' AS code, content ->> 'occupation_code' AS occupation_code, (content ->> 'hours')::int AS hours
    FROM of_then WHERE of_then.cohort_id = opened.id
    UNION ALL
    SELECT false, titles, title, level, code, occupation_code, hours
    FROM of_now WHERE of_now.cohort_id = opened.id AND NOT EXISTS (SELECT 1 FROM of_then WHERE of_then.cohort_id = opened.id)
) facts
LEFT JOIN courses_skilllevel level ON level.code = facts.level
CROSS JOIN (
    SELECT jsonb_object_agg(type.code, jsonb_build_object(
               'name_ar', type.name_ar, 'name_en', type.name_en,
               'rule', (SELECT rule.id FROM certificates_issuingrule rule WHERE rule.type_id = type.id
                        ORDER BY rule.version DESC LIMIT 1)
           )) AS types
    FROM certificates_credentialtype type
) kinds;
