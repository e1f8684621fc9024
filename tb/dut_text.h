/*
 * dut_text.h - takes the text that the simulated design prints away from stdout.
 *
 * Forced into the compilation of everything that belongs to the Verilated model and its runtime (-include), because
 * the runtime binds its printing and its $stop, $fatal and $finish at compile time. dut_verilator.cpp has the bodies.
 */
#ifndef DUT_TEXT_H
#define DUT_TEXT_H

#define VL_PRINTF dut_text_printf
#define VL_USER_STOP
#define VL_USER_FATAL
#define VL_USER_FINISH

#ifdef __cplusplus
extern "C" {
#endif

/* printf of the design: reaches the text function of the dut that is being evaluated in this thread. */
int dut_text_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

#ifdef __cplusplus
}
#endif
#endif
