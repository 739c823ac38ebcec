using Mimir.Faults.Matrix;

namespace Mimir.Faults;

public sealed class SseFaultTests : FaultTests
{
    public static TheoryData<string> Faults => Rows(Transport.Sse);

    private protected override Transport Transport => Transport.Sse;

    [Theory(Timeout = 600_000)]
    [MemberData(nameof(Faults))]
    public Task Calls_WhileItHappens_EndOnceAndInTimeAndNothingIsLeft(string fault) => PlayAsync(fault);
}
