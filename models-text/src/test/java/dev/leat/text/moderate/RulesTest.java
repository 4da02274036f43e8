package dev.leat.text.moderate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leat.text.TextModeration;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
                "f\u00fcck",
                "\u0455hit",
                "SНIT",
                "\uff46\uff55\uff43\uff4b"
            })
    void profanity_plainAndDisguised_isFound(String text) {
        assertThat(Lexicon.profanity().isIn(text)).isTrue();
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
        assertThat(Lexicon.profanity().isIn(text)).isFalse();
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
        assertThat(Contact.find(text)).isNotEmpty();
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
        assertThat(Contact.find(text)).isEmpty();
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
        assertThat(Secret.find(text)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "card 4111 1111 1111 1112", "DE89 3704 0044 0532 0130 01", "I forgot my password again",
                "the password is required", "order 1234567890123", ""
            })
    void secret_otherTexts_areNot(String text) {
        assertThat(Secret.find(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a@", "a.b@c.", "1 ", "4111 ", "f ", "*", "eyJ", "password:", "DE89 ", "(", "+1 "})
    void rules_aMegabyteOfAnything_takeLinearTime(String piece) {
        String text = piece.repeat(1_000_000 / piece.length());
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            assertThat(Lexicon.profanity().isIn(text)).isFalse();
            assertThat(Contact.find(text)).isEmpty();
            assertThat(Secret.find(text)).isEmpty();
            assertThat(Unmasked.of(text).text()).isSameAs(text);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Oh sh1t!|3|7|profanity",
                "f u c k you|0|7|profanity",
                "\ud83d\ude00 fu\u200bck|3|8|profanity",
                "mail jane.doe+news@mail.example.org.|5|35|contact",
                "call +49 30 901820-0 now|5|20|contact",
                "card 4111 1111 1111 1111 please|5|24|secret",
                "IBAN DE89 3704 0044 0532 0130 00.|5|32|secret"
            })
    void rules_whatTheyFind_standsWhereTheySay(String text, int start, int end, String category) {
        assertThat(Rules.examine(text).findings()).containsExactly(new TextModeration.Finding(category, 1, start, end));
    }

    @Test
    void rules_equalInstances_areOneNode() {
        assertThat(new Rules()).isEqualTo(new Rules());
    }
}
