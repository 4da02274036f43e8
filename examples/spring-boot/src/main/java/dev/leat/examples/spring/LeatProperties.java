package dev.leat.examples.spring;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The application's settings below {@code leat}.
 *
 * @param deadline of an analysis, waiting included
 * @param cache how long results may be answered again; zero is never
 * @param maxRuns analysed at one moment; more wait a second, then are refused
 */
@ConfigurationProperties("leat")
public record LeatProperties(
        @DefaultValue("10s") Duration deadline,
        @DefaultValue("0s") Duration cache,
        @DefaultValue("16") int maxRuns) {}
