/*
 * tlp_filter_main.c - the program that GTKWave runs: answers queries until GTKWave goes away.
 */
#include <stdlib.h>

#include "tlp_filter.h"

int main(void)
{
    while (tlp_filter_answer(stdin, stdout)) {
    }
    return EXIT_SUCCESS;
}
