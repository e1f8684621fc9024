/*
 * scenario_ops.c - the operations of the scenario language: one row each, and what is legal by itself.
 */
#include <inttypes.h>

#include "bench.h"
#include "scenario.h"

#define NUMBER(label, low, high)                                                                                       \
    {                                                                                                                  \
        .name = label, .form = SCENARIO_ARG_NUMBER, .least = low, .most = high                                         \
    }
#define HEX(label, high, unit)                                                                                         \
    {                                                                                                                  \
        .name = label, .form = SCENARIO_ARG_HEX, .most = high, .step = unit                                            \
    }
#define VECTOR                                                                                                         \
    {                                                                                                                  \
        .name = "VECTOR", .form = SCENARIO_ARG_NUMBER, .most = SCENARIO_MOST_VECTORS - 1, .is_vector = true            \
    }
#define WORD(label, list)                                                                                              \
    {                                                                                                                  \
        .name = label, .form = SCENARIO_ARG_WORD, .words = list                                                        \
    }
#define FLAG(label)                                                                                                    \
    {                                                                                                                  \
        .name = label, .form = SCENARIO_ARG_FLAG, .most = 1                                                            \
    }
#define OFFSET                                                                                                         \
    {                                                                                                                  \
        .name = "at +N", .form = SCENARIO_ARG_OFFSET, .most = 1000                                                     \
    }
#define BIT(label) NUMBER(label, 0, 1)
#define PERCENT(high) NUMBER("PERCENT", 0, high)

#define DRAIN_BASE UINT64_C(0xFEF00000)
#define DRAIN_SIZE UINT64_C(0x10000)

enum { PAGE = 4096 };

static const char *const fields[] = {"address", "upper", "data", "control", "address64", "data64", NULL};
static const char *const streams[] = {"rx", "dma", NULL};
static const char *const modes[] = {"infinite", "generous", "slow", "frozen", "stingy", "scattered", NULL};
static const char *const types[] = {"ph", "pd", "nph", "npd", "cplh", "cpld", NULL};
static const char *const strays[] = {"data", "status", "foreign", "locked", NULL};
static const char *const states[] = {"d0", "d3hot", NULL};
static const char *const illegals[] = {"message",
                                       "message-data",
                                       "io-read",
                                       "io-write",
                                       "locked-read",
                                       "fetch-add",
                                       "swap",
                                       "cas",
                                       "config1-read",
                                       "config1-write",
                                       "function-read",
                                       "function-write",
                                       "poisoned-write",
                                       "poisoned-config",
                                       "digest-read",
                                       "digest-write",
                                       "hints",
                                       "enables-read",
                                       "enables-write",
                                       "crossing-read",
                                       "crossing-write",
                                       "long-config",
                                       "short",
                                       "long",
                                       "read-with-data",
                                       "no-digest",
                                       "over-mps",
                                       "type",
                                       NULL};
_Static_assert(sizeof illegals / sizeof illegals[0] == SCENARIO_ILLEGAL_FORMS + 1, "every form has a name");

static const struct scenario_form forms[SCENARIO_KINDS] = {
    [SCENARIO_READ_CONFIG] = {"read config", {HEX("REGISTER", 0xFFC, 4), HEX("BE", 0xF, 1)}, "configuration read"},
    [SCENARIO_WRITE_CONFIG] = {"write config",
                               {HEX("REGISTER", 0xFFC, 4), HEX("BE", 0xF, 1), HEX("VALUE", UINT32_MAX, 1)},
                               "configuration write with these byte enables"},
    [SCENARIO_READ_TABLE] = {"read table", {VECTOR, WORD("FIELD", fields)}, "read of a DW or QWORD of an entry"},
    [SCENARIO_WRITE_TABLE] = {"write table",
                              {VECTOR, WORD("FIELD", fields), HEX("VALUE", UINT64_MAX, 1)},
                              "write of a DW or QWORD of an entry"},
    [SCENARIO_READ_PBA] = {"read pba", {VECTOR}, "read of the DW with this vector's pending bit"},
    [SCENARIO_READ_PBA64] = {"read pba64", {VECTOR}, "read of the QWORD with this vector's pending bit"},
    [SCENARIO_READ_CSR] = {"read csr", {HEX("OFFSET", 0xFF8, 8), HEX("BE", 0xFF, 1)}, "read of a device register"},
    [SCENARIO_WRITE_CSR] = {"write csr",
                            {HEX("OFFSET", 0xFF8, 8), HEX("BE", 0xFF, 1), HEX("VALUE", UINT64_MAX, 1)},
                            "write of a device register"},
    [SCENARIO_READ_BAR] = {"read bar",
                           {HEX("OFFSET", 0xFFFFC, 4), NUMBER("DWS", 1, SCENARIO_MOST_BAR_DW)},
                           "read of BAR0 at a raw offset"},
    [SCENARIO_WRITE_BAR] = {"write bar",
                            {HEX("OFFSET", 0xFFFFC, 4), NUMBER("DWS", 1, SCENARIO_MOST_BAR_DW),
                             HEX("PAYLOAD", UINT32_MAX, 1)},
                            "write to BAR0 at a raw offset"},
    [SCENARIO_CONTROL] = {"control", {BIT("ENABLE"), BIT("FUNCTION-MASK")}, "writes both bits in one write"},
    [SCENARIO_ENABLE] = {"enable", {BIT("BIT")}, "writes MSI-X Enable; Function Mask as last written"},
    [SCENARIO_FUNCTION_MASK] = {"function-mask", {BIT("BIT")}, "writes Function Mask; Enable as last written"},
    [SCENARIO_BUS_MASTER] = {"bus-master", {BIT("BIT")}, "writes Bus Master Enable"},
    [SCENARIO_MEMORY_SPACE] = {"memory-space", {BIT("BIT")}, "writes Memory Space Enable"},
    [SCENARIO_ROUTE] = {"route", {NUMBER("BUS", 0, 255), NUMBER("DEVICE", 0, 31)}, "where configuration requests go"},
    [SCENARIO_MASK] = {"mask", {VECTOR}, "DW write of 1 to Vector Control"},
    [SCENARIO_UNMASK] = {"unmask", {VECTOR}, "DW write of 0 to Vector Control"},
    [SCENARIO_PROGRAM] = {"program",
                          {VECTOR, HEX("ADDRESS", UINT64_MAX - 3, 4), HEX("DATA", UINT32_MAX, 1), FLAG("masked")},
                          "writes an entry by two QWORDs"},
    [SCENARIO_EVENT] = {"event", {VECTOR, OFFSET}, "interrupt cause"},
    [SCENARIO_CLEAR] = {"clear", {VECTOR, OFFSET}, "the cause was satisfied"},
    [SCENARIO_DMA] = {"dma",
                      {HEX("ADDRESS", UINT64_MAX - 3, 4), NUMBER("DWS", 1, SCENARIO_MOST_DW),
                       HEX("PAYLOAD", UINT32_MAX, 1), FLAG("ro"), FLAG("ns"), FLAG("ido")},
                      "data write of the device logic"},
    [SCENARIO_TX] = {"tx", {PERCENT(100)}, "clocks in which tx is ready"},
    [SCENARIO_GAPS] = {"gaps", {WORD("STREAM", streams), PERCENT(95)}, "clocks without a beat"},
    [SCENARIO_STALL_DMA] = {"stall-dma", {BIT("BIT")}, "no further dma beat while 1"},
    [SCENARIO_CSR_DELAY] = {"csr-delay", {NUMBER("CLOCKS", 0, 256)}, "wait of device registers; 256: random"},
    [SCENARIO_CREDITS] = {"credits", {WORD("MODE", modes)}, "how credits are granted"},
    [SCENARIO_WINDOW] = {"window",
                         {NUMBER("PH", 0, 127), NUMBER("PD", 0, 2047), NUMBER("NPH", 0, 127), NUMBER("NPD", 0, 2047),
                          NUMBER("CPLH", 0, 127), NUMBER("CPLD", 0, 2047)},
                         "credits kept granted and unused; 0 leaves a type"},
    [SCENARIO_GRANT] = {"grant",
                        {NUMBER("PH", 0, 127), NUMBER("PD", 0, 2047), NUMBER("NPH", 0, 127), NUMBER("NPD", 0, 2047),
                         NUMBER("CPLH", 0, 127), NUMBER("CPLD", 0, 2047)},
                        "credits granted once"},
    [SCENARIO_RESET] = {"reset", {NUMBER("CLOCKS", 1, 100)}, "conventional reset, then enumeration"},
    [SCENARIO_WAIT] = {"wait", {NUMBER("CLOCKS", 1, 10000)}, "lets the clock run"},
    [SCENARIO_FLUSH] = {"flush", {{0}}, "until all queued requests have entered the block"},
    [SCENARIO_FENCE] = {"fence", {{0}}, "configuration read, and its completion"},
    [SCENARIO_SETTLE] = {"settle", {{0}}, "until nothing moves and nothing is owed"},
    [SCENARIO_DRAIN] = {"drain", {{0}}, "lets out everything that is held"},
    [SCENARIO_DMA_READ] = {"dma-read",
                           {HEX("ADDRESS", UINT64_MAX - 3, 4), NUMBER("DWS", 1, SCENARIO_MOST_DW), HEX("BE", 0xFF, 1),
                            FLAG("ro"), FLAG("ns"), FLAG("ido")},
                           "read of host memory by the device logic"},
    [SCENARIO_ANSWERS] = {"answers",
                          {{.name = "MOST", .form = SCENARIO_ARG_NUMBER, .least = 64, .most = 512, .step = 64},
                           NUMBER("DELAY", 0, 1000),
                           FLAG("mixed")},
                          "how the host answers them: largest completion, longest wait, in turns by chance"},
    [SCENARIO_ANSWER_ERRORS] = {"answer-errors",
                                {NUMBER("UR", 0, 100), NUMBER("CA", 0, 100), NUMBER("POISONED", 0, 100)},
                                "percentages of reads that end with UR and CA, and of poisoned completions"},
    [SCENARIO_HOLD_ANSWERS] = {"hold-answers", {BIT("BIT")}, "no completion of dma reads while 1"},
    [SCENARIO_STRAY] = {"stray", {NUMBER("TAG", 0, 63), WORD("FORM", strays)}, "a completion that nobody waits for"},
    [SCENARIO_INTX] = {"intx", {BIT("BIT"), OFFSET}, "level of the legacy cause"},
    [SCENARIO_INTX_FLOW] = {"intx-flow", {BIT("BIT")}, "while 1 bit 0 of device register 0 is that cause"},
    [SCENARIO_INTERRUPT_DISABLE] = {"interrupt-disable", {BIT("BIT")}, "writes Interrupt Disable"},
    [SCENARIO_STARVE] = {"starve",
                         {WORD("TYPE", types), NUMBER("CLOCKS", 1, 2000)},
                         "one type of credit gets nothing back for so long"},
    [SCENARIO_INFINITE] = {"infinite", {HEX("TYPES", 0x3F, 1)}, "types that are infinite from the next reset on"},
    [SCENARIO_FLOOD] = {"flood", {NUMBER("COUNT", 1, 256), HEX("CHOICE", UINT32_MAX, 1)}, "so many reads of anything"},
    [SCENARIO_ATTRIBUTES] = {"attributes",
                             {BIT("RO"), BIT("NS"), BIT("IDO"), NUMBER("TC", 0, 7)},
                             "of later reads, and writes outside table and PBA"},
    [SCENARIO_DEVICE_CONTROL] = {"device-control",
                                 {NUMBER("MPS", 0, 2), NUMBER("MRRS", 0, 5), BIT("RO"), BIT("NS")},
                                 "writes sizes and attribute enables of Device Control"},
    [SCENARIO_IDO] = {"ido", {BIT("REQUEST"), BIT("COMPLETION")}, "writes the IDO enables of Device Control 2"},
    [SCENARIO_POWER] = {"power", {WORD("STATE", states)}, "writes PowerState"},
    [SCENARIO_FLR] = {"flr", {NUMBER("DELAY", 0, 200)}, "function-level reset; clocks until the device logic is done"},
    [SCENARIO_RECOVER] = {"recover", {{0}}, "until the function answers, in D0, and enumeration if it was reset"},
    [SCENARIO_LINK_DOWN] = {"link-down", {NUMBER("CLOCKS", 1, 100)}, "link down and up again, then enumeration"},
    [SCENARIO_ILLEGAL] = {"illegal",
                          {WORD("FORM", illegals), HEX("VALUE", 0xFFFF, 1)},
                          "a request that the function does not support, or that no sender may send"},
};

const struct scenario_form *scenario_form(enum scenario_kind kind)
{
    return &forms[kind];
}

/* --- what is legal by itself --- */

static bool inside(uint64_t address, uint64_t base, uint64_t size)
{
    return address - base < size;
}

static bool is_dma_buffer(uint64_t address)
{
    return inside(address, BENCH_DMA_BASE, BENCH_DMA_SIZE) || inside(address, BENCH_DMA_BASE_LOW, BENCH_DMA_SIZE);
}

bool scenario_message_address_legal(uint64_t address)
{
    return !is_dma_buffer(address) && !inside(address, DRAIN_BASE, DRAIN_SIZE);
}

static bool crosses_page(uint64_t address, uint64_t dws)
{
    return address % PAGE + 4 * dws > PAGE;
}

static const char *dma_wrong(const struct scenario_op *op)
{
    if (!is_dma_buffer(op->arg[0]))
        return "dma writes go to 0x20000000..0x2FFFFFFC or 0x810000000..0x81FFFFFFC";
    return crosses_page(op->arg[0], op->arg[1]) ? "a dma write must not cross a border of 4 KB" : NULL;
}

/* Contiguous at both ends of a read of several DWs (MMIO-18). */
static bool enables_wrong(uint64_t dws, unsigned first, unsigned last)
{
    static const uint16_t firsts = 1U << 0x8 | 1U << 0xC | 1U << 0xE | 1U << 0xF;
    static const uint16_t lasts = 1U << 0x1 | 1U << 0x3 | 1U << 0x7 | 1U << 0xF;
    return dws == 1 ? last != 0 : !(firsts >> first & 1) || !(lasts >> last & 1);
}

static const char *dma_read_wrong(const struct scenario_op *op)
{
    if (!is_dma_buffer(op->arg[0]))
        return "dma reads come from 0x20000000..0x2FFFFFFC or 0x810000000..0x81FFFFFFC";
    if (enables_wrong(op->arg[1], op->arg[2] & 0xF, op->arg[2] >> 4 & 0xF))
        return "byte enables: first DW in bits 3:0, last in 7:4, 0 if there is one DW; contiguous if there are more";
    return crosses_page(op->arg[0], op->arg[1]) ? "a dma read must not cross a border of 4 KB" : NULL;
}

static const char *field_wrong(const struct scenario_op *op)
{
    const enum scenario_field field = (enum scenario_field)op->arg[1];
    const uint64_t value = op->arg[2];
    const bool quad = field == SCENARIO_FIELD_ADDRESS64 || field == SCENARIO_FIELD_DATA64;
    const bool low = field == SCENARIO_FIELD_ADDRESS || field == SCENARIO_FIELD_ADDRESS64;
    if (!quad && value > UINT32_MAX)
        return "this field is a DW: its value has at most 32 bits";
    if (low && value % 4 != 0)
        return "bits 1:0 of a message address are 0";
    if ((field == SCENARIO_FIELD_CONTROL && value > 1) || (field == SCENARIO_FIELD_DATA64 && value >> 33 != 0))
        return "Vector Control is 0 or 1: its other bits are reserved";
    return NULL;
}

static const char *combination_wrong(const struct scenario_op *op)
{
    switch (op->kind) {
    case SCENARIO_DMA:
        return dma_wrong(op);
    case SCENARIO_DMA_READ:
        return dma_read_wrong(op);
    case SCENARIO_ANSWER_ERRORS:
        return op->arg[0] + op->arg[1] > 100 ? "UR and CA are at most 100 percent together" : NULL;
    case SCENARIO_WRITE_TABLE:
        return field_wrong(op);
    case SCENARIO_READ_BAR:
    case SCENARIO_WRITE_BAR:
        return crosses_page(op->arg[0], op->arg[1]) ? "a request must not cross a border of 4 KB" : NULL;
    case SCENARIO_PROGRAM:
        return scenario_message_address_legal(op->arg[1])
                   ? NULL
                   : "a message address must lie outside the dma buffers and outside 0xFEF00000..0xFEF0FFFF";
    case SCENARIO_WINDOW:
        return op->arg[1] == 0 || op->arg[1] >= SCENARIO_LEAST_PD
                   ? NULL
                   : "a window of posted data has at least 8 units: one write of 128 bytes";
    default:
        return NULL;
    }
}

static bool in_range(const struct scenario_arg *arg, uint64_t value)
{
    uint64_t most = arg->most;
    for (unsigned i = 0; arg->form == SCENARIO_ARG_WORD && arg->words[i]; i++)
        most = i;
    return value >= arg->least && value <= most && value % (arg->step ? arg->step : 1) == 0;
}

static char *range_sentence(const struct scenario_arg *arg, char *text, size_t room)
{
    int used =
        arg->form == SCENARIO_ARG_HEX
            ? snprintf(text, room, "%s is a number from 0x%" PRIX64 " to 0x%" PRIX64, arg->name, arg->least, arg->most)
            : snprintf(text, room, "%s is a number from %" PRIu64 " to %" PRIu64, arg->name, arg->least, arg->most);
    if (arg->step > 1 && used > 0 && (size_t)used < room)
        snprintf(text + used, room - (size_t)used, " and a multiple of %" PRIu64, arg->step);
    return text;
}

const char *scenario_op_wrong(const struct scenario_op *op, char *text, size_t room)
{
    for (unsigned i = 0; i < SCENARIO_ARGS && forms[op->kind].arg[i].form != SCENARIO_ARG_NONE; i++)
        if (!in_range(&forms[op->kind].arg[i], op->arg[i]))
            return range_sentence(&forms[op->kind].arg[i], text, room);
    const char *const sentence = combination_wrong(op);
    if (!sentence)
        return NULL;
    snprintf(text, room, "%s", sentence);
    return text;
}
