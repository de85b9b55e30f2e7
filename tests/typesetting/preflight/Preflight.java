import java.io.File;
import org.apache.pdfbox.preflight.PreflightDocument;
import org.apache.pdfbox.preflight.ValidationResult;
import org.apache.pdfbox.preflight.exception.SyntaxValidationException;
import org.apache.pdfbox.preflight.parser.PreflightParser;

/** Prints what PDFBox Preflight finds in a file, one `code TAB details` a line. */
public class Preflight {
    public static void main(String[] arguments) throws Exception {
        PreflightParser parser = new PreflightParser(new File(arguments[0]));
        for (ValidationResult.ValidationError error : check(parser).getErrorsList()) {
            System.out.println(error.getErrorCode() + "\t" + error.getDetails());
        }
    }

    private static ValidationResult check(PreflightParser parser) throws Exception {
        try {
            parser.parse();
            try (PreflightDocument document = parser.getPreflightDocument()) {
                document.validate();
                return document.getResult();
            }
        } catch (SyntaxValidationException error) {
            return error.getResult();
        }
    }
}
