package javax.activation;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** As Java EE has it: Preflight is written against it, and Java left it out in 11. */
public interface DataSource {
    InputStream getInputStream() throws IOException;

    OutputStream getOutputStream() throws IOException;

    String getContentType();

    String getName();
}
