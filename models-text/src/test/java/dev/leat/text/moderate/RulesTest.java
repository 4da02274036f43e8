package dev.leat.text.moderate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "What the fuck is this",
                "SHIT!",
                "sh1t happens",
                "f**k that",
                "you a$$hole",
                "f u c k you",
                "shiiiit",
                "fu\u200bck",
                "f\u00fcck"
            })
    void profanity_plainAndDisguised_isFound(String text) {
        assertThat(Profanity.isIn(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Scunthorpe and Essex",
                "a cocktail with the assassin",
                "classic assessment",
                "the document analysis",
                "Penistone railway",
                "I like it!",
                "** bold **",
                "a * b * c",
                "",
                "shuttle",
                "Dickens",
                "magna cum laude"
            })
    void profanity_innocentWords_areNot(String text) {
        assertThat(Profanity.isIn(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mail jane.doe+news@mail.example.org.",
                "<a@b.de>",
                "call +49 30 901820-0",
                "(020) 7946 0958",
                "0171/1234567",
                "555-123-4567"
            })
    void contact_addresses_areFound(String text) {
        assertThat(Contact.isIn(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "meet @ noon",
                "user@localhost",
                "a@b",
                "@home.de",
                "in 2024 there were 12 of 365",
                "pi is 3.14159265358979",
                "order 12345",
                "1 000 000 people",
                ""
            })
    void contact_otherTexts_areNot(String text) {
        assertThat(Contact.isIn(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN RSA PRIVATE KEY-----",
                "AKIAIOSFODNN7EXAMPLE",
                "password: hunter2!",
                "card 4111 1111 1111 1111",
                "5500-0000-0000-0004",
                "IBAN DE89 3704 0044 0532 0130 00",
                "GB82WEST12345698765432.",
                "api_key = 'a1b2c3d4e5f6'"
            })
    void secret_secrets_areFound(String text) {
        assertThat(Secret.isIn(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "card 4111 1111 1111 1112", "DE89 3704 0044 0532 0130 01", "I forgot my password again",
                "the password is required", "order 1234567890123", ""
            })
    void secret_otherTexts_areNot(String text) {
        assertThat(Secret.isIn(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a@", "a.b@c.", "1 ", "4111 ", "f ", "*", "eyJ", "password:", "DE89 ", "(", "+1 "})
    void rules_aMegabyteOfAnything_takeLinearTime(String piece) {
        String text = piece.repeat(1_000_000 / piece.length());
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            assertThat(Profanity.isIn(text)).isFalse();
            assertThat(Contact.isIn(text)).isFalse();
            assertThat(Secret.isIn(text)).isFalse();
        });
    }

    @Test
    void rules_equalInstances_areOneNode() {
        assertThat(new Rules()).isEqualTo(new Rules());
    }
}
