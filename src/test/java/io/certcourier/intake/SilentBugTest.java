package io.certcourier.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;

class SilentBugTest {

    private final Exception bug = new IllegalStateException("SECRETMARKER", new SQLException("SECRETMARKER", "22021"));

    @Test
    void prints_types_and_stack_but_no_message() {
        var printed = new StringWriter();

        new SilentBug(bug).printStackTrace(new PrintWriter(printed, true));

        assertThat(printed.toString()).doesNotContain("SECRETMARKER").contains("java.lang.IllegalStateException",
                "java.sql.SQLException SQLState 22021", "SilentBugTest");
    }

    @Test
    void names_are_one_line() {
        assertThat(SilentBug.names(bug)).isEqualTo("java.lang.IllegalStateException, java.sql.SQLException SQLState 22021");
    }
}
