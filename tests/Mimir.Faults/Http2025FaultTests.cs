using Mimir.Faults.Matrix;

namespace Mimir.Faults;

public sealed class Http2025FaultTests : FaultTests
{
    public static TheoryData<string> Faults => Rows(Transport.Http2025);

    private protected override Transport Transport => Transport.Http2025;

    [Theory(Timeout = 600_000)]
    [MemberData(nameof(Faults))]
    public Task Calls_WhileItHappens_EndOnceAndInTimeAndNothingIsLeft(string fault) => PlayAsync(fault);
}
