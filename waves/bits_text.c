/*
 * bits_text.c - see bits_text.h.
 */
#include "bits_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int digit_value(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)((at - digits) % 16) : -1;
}

static bool bit_is_set(const char *hex, size_t digits, size_t bit)
{
    return bit / 4 < digits && (digit_value(hex[digits - 1 - bit / 4]) >> bit % 4 & 1) != 0;
}

void bits_text(const char *hex, char *text, size_t room)
{
    const size_t digits = strcspn(hex, "\r\n");
    size_t used = 0;

    snprintf(text, room, "-");
    for (size_t i = 0; i < digits; i++) {
        if (digit_value(hex[i]) < 0) {
            snprintf(text, room, "x");
            return;
        }
    }
    for (size_t bit = 0; bit < 4 * digits && used < room; bit++) {
        if (!bit_is_set(hex, digits, bit))
            continue;
        const size_t first = bit;
        while (bit_is_set(hex, digits, bit + 1))
            bit++;
        const char *space = used ? " " : "";
        const int n = first == bit ? snprintf(text + used, room - used, "%s%zu", space, bit)
                                   : snprintf(text + used, room - used, "%s%zu-%zu", space, first, bit);
        used += n > 0 ? (size_t)n : 0;
    }
}
