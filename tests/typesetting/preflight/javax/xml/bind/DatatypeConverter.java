package javax.xml.bind;

import java.time.OffsetDateTime;
import java.util.Calendar;
import java.util.GregorianCalendar;

/** As Java EE has it: Preflight reads its numbers and the dates of XMP with it. */
public class DatatypeConverter {
    private DatatypeConverter() {}

    public static int parseInt(String number) {
        return Integer.parseInt(number.strip());
    }

    /** A date with an offset. */
    public static Calendar parseDateTime(String date) {
        return GregorianCalendar.from(OffsetDateTime.parse(date).toZonedDateTime());
    }
}
