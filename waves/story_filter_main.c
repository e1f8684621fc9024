/*
 * story_filter_main.c - the program that GTKWave runs: answers queries until GTKWave goes away.
 */
#include <stdlib.h>

#include "story_filter.h"

int main(void)
{
    while (story_filter_answer(stdin, stdout)) {
    }
    return EXIT_SUCCESS;
}
