ALTER TABLE courses_programsearchentry ALTER COLUMN vector SET STORAGE MAIN;
ALTER TABLE courses_programsearchentry SET (toast_tuple_target = 8160);
