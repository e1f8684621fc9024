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
static const char *const modes[] = {"infinite", "generous", "slow", "frozen", NULL};

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
                       HEX("PAYLOAD", UINT32_MAX, 1), FLAG("ro"), FLAG("ns")},
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
