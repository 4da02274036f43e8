package dev.leat.text.entity;

import dev.leat.text.Entity;
import dev.leat.text.EntityType;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.iban4j.CountryCode;
import org.iban4j.Iban;

/** Makes sentences whose pattern entities are known, and sentences with what only looks like one; from a seed. */
final class PatternTexts {

    /** A text and what stands in it. */
    record Marked(String text, List<Entity> entities) {}

    private static final String[] NAMES = {
        "anna", "j.smith", "maria_lopez", "bob+news", "o'neil", "x", "first.last99", "sales-team", "info", "no.reply"
    };
    private static final String[] HOSTS = {
        "example.com", "mail.example.org", "uni-hamburg.de", "a.b.co.uk", "foo-bar.io", "sub.domain.travel", "x1.net"
    };
    private static final String[] BEFORE = {
        "Write to ",
        "My data: ",
        "(see ",
        "It was ",
        "\"",
        "",
        "Please note ",
        "Über das Konto ",
        "Reply: ",
        "- ",
        "\ud83d\ude00 "
    };
    private static final String[] AFTER = {
        " today.", ".", ", thanks!", ")", "\"", "", " and more", "; then wait", "?", "\n", " \ud83d\udc4d\ud83c\udffd"
    };

    private final Random random;
    private final StringBuilder text = new StringBuilder();
    private final List<Entity> marked = new ArrayList<>();

    private PatternTexts(Random random) {
        this.random = random;
    }

    /** Returns a text of one to three sentences. */
    static Marked make(long seed) {
        PatternTexts maker = new PatternTexts(new Random(seed));
        for (int i = maker.random.nextInt(3); i >= 0; i--) {
            String before = maker.pick(BEFORE);
            maker.text.append(before.isEmpty() && maker.text.length() > 0 ? "and " : before);
            if (maker.random.nextInt(5) < 3) {
                maker.entity();
            } else {
                maker.text.append(maker.lookalike());
            }
            maker.text.append(maker.pick(AFTER)).append(' ');
        }
        return new Marked(maker.text.toString(), maker.marked);
    }

    private void entity() {
        switch (random.nextInt(8)) {
            case 0 ->
                mark(
                        EntityType.EMAIL,
                        pick(NAMES) + "@" + (chance(4) ? pick(HOSTS).toUpperCase(Locale.ROOT) : pick(HOSTS)));
            case 1 -> mark(EntityType.PHONE, phone());
            case 2 -> mark(EntityType.IBAN, iban(true));
            case 3 -> mark(EntityType.CARD, grouped(card(true), chance(3) ? "" : chance(2) ? " " : "-"));
            case 4 -> mark(EntityType.URL, url());
            case 5 -> mark(EntityType.IP, chance(2) ? v4() : v6());
            case 6 -> mark(EntityType.DATE, date());
            default -> mark(EntityType.MONEY, money());
        }
    }

    private void mark(EntityType type, String found) {
        int start = text.length();
        text.append(found);
        marked.add(new Entity(found, type, 1, start, text.length()));
    }

    private boolean chance(int of) {
        return random.nextInt(of) == 0;
    }

    private String pick(String... of) {
        return of[random.nextInt(of.length)];
    }

    private int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    private String digits(int count) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            digits.append(random.nextInt(10));
        }
        return digits.toString();
    }

    /** Numbers of well-known area codes, so that they exist. */
    private String phone() {
        String area = pick("212", "415", "312", "206", "617", "303");
        String exchange = between(220, 989) + "";
        exchange = exchange.endsWith("11") ? exchange.substring(0, 2) + "2" : exchange;
        String line = digits(4);
        String us = pick(
                "(" + area + ") " + exchange + "-" + line,
                area + "-" + exchange + "-" + line,
                area + "." + exchange + "." + line,
                area + " " + exchange + " " + line,
                "+1 " + area + " " + exchange + " " + line,
                "+1-" + area + "-" + exchange + "-" + line,
                "+1 (" + area + ") " + exchange + "-" + line,
                "1-" + area + "-" + exchange + "-" + line,
                "+1" + area + exchange + line);
        String abroad = pick(
                "+44 20 7946 0" + digits(3),
                "+49 30 " + between(2, 8) + digits(6),
                "+33 1 42 " + digits(2) + " " + digits(2) + " " + digits(2),
                "+4917" + pick("0", "1", "2", "3") + digits(7),
                "+39 06 698" + digits(5),
                "+91 98" + digits(3) + " " + digits(5),
                "+61 2 9" + digits(3) + " " + digits(4),
                "+34 91 " + between(200, 799) + " " + digits(2) + " " + digits(2));
        return chance(3) ? abroad : us;
    }

    private String iban(boolean valid) {
        CountryCode[] countries = {
            CountryCode.DE,
            CountryCode.GB,
            CountryCode.FR,
            CountryCode.NL,
            CountryCode.ES,
            CountryCode.CH,
            CountryCode.NO,
            CountryCode.MT,
            CountryCode.BE,
            CountryCode.AT,
            CountryCode.PL
        };
        CountryCode country = countries[random.nextInt(countries.length)];
        String compact =
                new Iban.Builder(random).countryCode(country).buildRandom().toString();
        if (!valid) {
            int at = between(6, compact.length() - 1);
            char wrong = compact.charAt(at) == '9' ? '1' : '9';
            compact = compact.substring(0, at) + wrong + compact.substring(at + 1);
        }
        return chance(2) ? compact : grouped(compact, " ");
    }

    private static String grouped(String compact, String sign) {
        return compact.replaceAll("(.{4})(?=.)", "$1" + sign);
    }

    private String card(boolean valid) {
        String[][] networks = {
            {"4", "16"},
            {"51", "16"},
            {"55", "16"},
            {"2221", "16"},
            {"34", "15"},
            {"37", "15"},
            {"6011", "16"},
            {"36", "14"},
            {"3530", "16"}
        };
        String[] network = networks[random.nextInt(networks.length)];
        String body = network[0] + digits(Integer.parseInt(network[1]) - network[0].length() - 1);
        int sum = 0;
        for (int i = 0; i < body.length(); i++) {
            int d = (body.charAt(body.length() - 1 - i) - '0') * (i % 2 == 0 ? 2 : 1);
            sum += d > 9 ? d - 9 : d;
        }
        int check = (10 - sum % 10) % 10;
        return body + (valid ? check : (check + between(1, 9)) % 10);
    }

    private String url() {
        return pick(
                "https://" + pick(HOSTS) + "/path/to?q=a+b&lang=en#part-" + digits(1),
                "http://" + pick(HOSTS),
                "https://user.example.io:8080/a_(b)",
                "http://192.168." + between(0, 255) + "." + between(0, 255) + "/admin",
                "www." + pick(HOSTS) + "/index.html",
                "www.example.de",
                "example.com/shop",
                "news.example.org",
                "ftp://files.example.net/x.zip",
                "HTTPS://EXAMPLE.COM/ABC",
                "https://xn--mnchen-3ya.de/",
                "https://t.co/" + digits(6));
    }

    private String v4() {
        return between(1, 255) + "." + between(0, 255) + "." + between(0, 255) + "." + between(0, 255);
    }

    private String v6() {
        StringBuilder full = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            full.append(i == 0 ? "" : ":").append(Integer.toHexString(between(1, 0xffff)));
        }
        return pick(
                full.toString(),
                "2001:db8::" + Integer.toHexString(between(1, 0xffff)),
                "fe80::1",
                "::1",
                "::ffff:" + v4(),
                full.toString().toUpperCase(Locale.ROOT),
                "2001:db8:0:1::");
    }

    private String date() {
        LocalDate day = LocalDate.of(1950, 1, 1).plusDays(random.nextInt(36_000));
        String pattern = pick(
                "yyyy-MM-dd",
                "yyyy/MM/dd",
                "dd/MM/yyyy",
                "MM/dd/yyyy",
                "d.M.yyyy",
                "dd.MM.yyyy",
                "d MMMM yyyy",
                "dd MMM yyyy",
                "MMMM d, yyyy",
                "MMM d, yyyy",
                "MMMM d yyyy",
                "M/d/yy",
                "dd-MM-yyyy",
                "d-MMM-yyyy",
                "MMMM yyyy",
                "MMMM d",
                "d MMMM",
                "d'th of' MMMM yyyy");
        String made = day.format(DateTimeFormatter.ofPattern(pattern, Locale.US));
        return made.replace("1th", "1st")
                .replace("11st", "11th")
                .replace("2th", "2nd")
                .replace("12nd", "12th")
                .replace("3th", "3rd")
                .replace("13rd", "13th");
    }

    private String money() {
        String plain = between(1, 999) + "";
        String big = between(1, 999) + "," + digits(3);
        return pick(
                "$" + plain,
                "$" + big + ".50",
                "\u20ac" + plain + ".99",
                "\u00a3" + between(2, 20) + "m",
                "$" + between(2, 9) + " million",
                "US$" + big,
                "USD " + plain,
                plain + " USD",
                big + " EUR",
                "EUR 1." + digits(3) + ",00",
                plain + " \u20ac",
                plain + ",95\u20ac",
                plain + " dollars",
                between(2, 9) + "." + between(1, 9) + " billion euros",
                "\u00a5" + big,
                "\u20b9" + plain,
                "CHF 1'" + digits(3),
                plain + " cents",
                "$ " + plain,
                "$" + between(2, 90) + "k");
    }

    private String lookalike() {
        return pick(
                "someone@ home",
                "@handle and #tag",
                "a@b",
                "user@@example.com",
                "name@-example",
                "order 20240315-77812345",
                "item 4711-0815",
                "ISBN 978-3-16-148410-0",
                "room 12-34-56",
                "score 3-2 4-1 6-3",
                "born 1984",
                "7 of 10",
                "3.14159265358979",
                "code 12345678901234567890123",
                "number " + card(false),
                "number " + grouped(card(false), " "),
                "account " + iban(false),
                "DE12",
                "AB12 3456 7890",
                "file main.py and read.me",
                "end.It was late",
                "std::vector and a::b::c::",
                "Mr.Smith",
                "e.g. this, i.e. that",
                "version 1.2.3.4",
                "v1.2.3.4",
                "1.2.3",
                "256.1.1.1",
                "1.2.3.4.5",
                "at 12:30:45",
                "aa:bb:cc:dd:ee:ff",
                "2024-13-45",
                "31/02/2024x",
                "30.02.2024",
                "99/99/9999",
                "May I have it",
                "march 12 miles",
                "in Mar a Lago",
                "1/2 cup and 3/4 more",
                "Augustus 3",
                "$HOME and $x",
                "5 pounds of flour",
                "100 percent",
                "50% off",
                "TRY 2 times",
                "ALL 500 people",
                "2 euphoric days",
                "http:// nothing",
                "www. nothing",
                "://",
                "C:\\temp\\x.txt");
    }
}
