package dev.leat.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The application. */
@SpringBootApplication
public class LeatApplication {

    /**
     * Starts the application.
     *
     * @param arguments Spring's own
     */
    public static void main(String[] arguments) {
        SpringApplication.run(LeatApplication.class, arguments);
    }
}
