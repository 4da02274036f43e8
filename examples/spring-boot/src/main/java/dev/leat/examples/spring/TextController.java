package dev.leat.examples.spring;

import dev.leat.DeadlineExceededException;
import dev.leat.InferenceException;
import dev.leat.InvalidInputException;
import dev.leat.OverloadedException;
import dev.leat.Pipeline;
import dev.leat.Results;
import dev.leat.RunOptions;
import dev.leat.text.Sentiment;
import dev.leat.text.TextModeration;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Answers {@code POST /analyze}; a request's own thread, platform or virtual, takes part in the work. */
@RestController
class TextController {

    /** What a client sends. */
    record Question(String text) {}

    /** What it gets. */
    record Answer(Sentiment sentiment, TextModeration moderation) {}

    private final Pipeline<String> texts;
    private final TextStages stages;
    private final LeatProperties properties;

    TextController(Pipeline<String> texts, TextStages stages, LeatProperties properties) {
        this.texts = texts;
        this.stages = stages;
        this.properties = properties;
    }

    @PostMapping("/analyze")
    Answer analyze(@RequestBody Question question) {
        Results results = texts.run(question.text(), RunOptions.DEFAULT.withDeadline(properties.deadline()))
                .orThrow();
        return new Answer(results.get(stages.sentiment()), results.get(stages.moderation()));
    }

    @ExceptionHandler
    ProblemDetail failed(InferenceException failure) {
        HttpStatus status = HttpStatus.INTERNAL_SERVER_ERROR;
        if (failure instanceof InvalidInputException) {
            status = HttpStatus.UNPROCESSABLE_ENTITY;
        } else if (failure instanceof OverloadedException) {
            status = HttpStatus.TOO_MANY_REQUESTS;
        } else if (failure instanceof DeadlineExceededException) {
            status = HttpStatus.GATEWAY_TIMEOUT;
        }
        return ProblemDetail.forStatus(status);
    }
}
