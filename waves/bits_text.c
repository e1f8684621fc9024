/*
 * bits_text.c - see bits_text.h.
 */
#include "bits_text.h"

#include <stdio.h>
#include <string.h>

/* 0..15, or -1 for a digit that is none. */
static int digit_value(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)((at - digits) % 16) : -1;
}

/* '0', '1', 'x' or 'z'; bits above the highest digit are 0. */
static char level(const char *hex, size_t digits, size_t bit)
{
    if (bit / 4 >= digits)
        return '0';
    const char c = hex[digits - 1 - bit / 4];
    const int value = digit_value(c);
    if (value < 0)
        return c == 'z' || c == 'Z' ? 'z' : 'x';
    return (char)('0' + (value >> bit % 4 & 1));
}

/* Bits first..last have the same level. Returns the characters that it takes, whether they fit or not. */
static size_t put(char *text, size_t room, const char *space, char of, size_t first, size_t last)
{
    const char kind[2] = {of == '1' ? '\0' : of, '\0'};
    const int n = first == last ? snprintf(text, room, "%s%s%zu", space, kind, first)
                                : snprintf(text, room, "%s%s%zu-%zu", space, kind, first, last);

    return n > 0 ? (size_t)n : 0;
}

void bits_text(const char *hex, char *text, size_t room)
{
    const size_t digits = strcspn(hex, "\r\n");
    size_t used = 0;

    snprintf(text, room, "-");
    for (size_t bit = 0; bit < 4 * digits && used < room; bit++) {
        const char of = level(hex, digits, bit);
        const size_t first = bit;
        if (of == '0')
            continue;
        while (bit + 1 < 4 * digits && level(hex, digits, bit + 1) == of)
            bit++;
        if (of != '1' && first == 0 && bit + 1 == 4 * digits)
            snprintf(text, room, "%c", of);
        else
            used += put(text + used, room - used, used ? " " : "", of, first, bit);
    }
}
