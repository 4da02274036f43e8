package dev.leat.examples.spring;

import dev.leat.LeatRuntime;
import dev.leat.Overflow;
import dev.leat.Pipeline;
import dev.leat.guard.TextGuard;
import dev.leat.micrometer.LeatMeters;
import dev.leat.observe.RuntimeSnapshot;
import dev.leat.text.TextModels;
import java.time.Duration;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Leat's beans. Spring closes each before those that it was made from: pipeline, then models, then the runtime. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LeatProperties.class)
class LeatConfiguration {

    @Bean
    LeatRuntime leatRuntime() {
        return LeatRuntime.builder().build();
    }

    @Bean
    TextModels textModels() {
        return TextModels.load();
    }

    @Bean
    TextStages textStages(TextModels models) {
        return TextStages.of(models);
    }

    /** Loaded before the server listens, so that the first request is no slower than the next. */
    @Bean
    Pipeline<String> texts(LeatRuntime runtime, TextStages stages, LeatProperties properties) {
        Pipeline.Builder<String> builder = Pipeline.<String>builder("texts")
                .runtime(runtime)
                .guard(TextGuard.standard())
                .maxRuns(properties.maxRuns(), Overflow.waitUpTo(Duration.ofSeconds(1)))
                .stages(stages.sentiment(), stages.moderation());
        if (!properties.cache().isZero()) {
            builder.cached(properties.cache());
        }
        Pipeline<String> pipeline = builder.build();
        pipeline.preload();
        return pipeline;
    }

    /** Spring Boot binds it to the application's registry. */
    @Bean
    LeatMeters leatMeters(LeatRuntime runtime) {
        return new LeatMeters(runtime);
    }

    /** Down while a model run hangs or the queue is long: the figures say which. */
    @Bean
    HealthIndicator leatHealthIndicator(LeatRuntime runtime, LeatProperties properties) {
        return () -> {
            RuntimeSnapshot now = runtime.snapshot();
            boolean stuck = now.oldestWait().compareTo(properties.deadline()) > 0;
            return (stuck ? Health.down() : Health.up())
                    .withDetail("models", now.openModels())
                    .withDetail("permits", now.permits())
                    .withDetail("running", now.running().size())
                    .withDetail("waiting", now.waiting())
                    .build();
        };
    }
}
