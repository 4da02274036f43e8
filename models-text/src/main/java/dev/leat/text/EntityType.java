package dev.leat.text;

/** What an entity is. The first three are found by a model, the others by rules. */
public enum EntityType {
    /** The name of a person. */
    PERSON,
    /** The name of a place. */
    LOCATION,
    /** The name of a company, an institution, a team, a band. */
    ORGANIZATION,
    /** An e-mail address. */
    EMAIL,
    /** A web address, with or without its scheme. */
    URL,
    /** An IP address, version 4 or 6. */
    IP,
    /** An international bank account number whose check digits are right. */
    IBAN,
    /** A payment card number of a known network whose check digit is right. */
    CARD,
    /** A telephone number that exists as such in its region's numbering plan. */
    PHONE,
    /** A day of the calendar, or a month of a year. */
    DATE,
    /** An amount of money with its currency. */
    MONEY;

    /**
     * Returns whether a model finds entities of this type.
     *
     * @return true for names, false for what rules find
     */
    public boolean isName() {
        return this == PERSON || this == LOCATION || this == ORGANIZATION;
    }
}
