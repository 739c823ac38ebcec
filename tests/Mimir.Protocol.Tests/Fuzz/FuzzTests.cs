using Mimir.Fuzz;
using Mimir.Fuzz.Targets;
using Xunit;

namespace Mimir.Protocol.Tests.Fuzz;

/// <summary>The fuzz targets, each for a few seconds from the same seed. Long runs: <c>dotnet run --project tests/Mimir.Fuzz -- all --seconds 600</c>.</summary>
public abstract class FuzzTests(FuzzTarget target) : IDisposable
{
    private const ulong Seed = 20260728;
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(5);

    private readonly Corpus _corpus = new(Corpus.Packaged, target.Name);

    public void Dispose()
    {
        target.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Check_EveryInputOfTheCorpus_Passes()
    {
        Assert.NotEmpty(_corpus.Inputs);
        foreach (var (name, input) in _corpus.Inputs)
        {
            var error = Record.Exception(() => target.Check(input));
            Assert.True(error is null, $"{name}: {error}");
        }
    }

    [Fact]
    public void Check_EveryBeginningOfTheCorpus_Passes()
    {
        foreach (var (name, input) in _corpus.Inputs)
        {
            for (var length = 0; length < Math.Min(input.Length, 1024); length++)
            {
                var error = Record.Exception(() => target.Check(input.AsSpan(0, length)));
                Assert.True(error is null, $"{name}, first {length} bytes: {error}");
            }
        }
    }

    [Fact]
    public void Run_SomeSecondsOfMutants_FindsNothing()
    {
        var report = new FuzzRunner(target, _corpus.Inputs.Select(i => i.Value), Seed).Run(s_duration);
        Assert.True(report.Findings.Count == 0, string.Join("\n\n", report.Findings.Select(f => $"{Convert.ToHexStringLower(f.Input)}\n{f.Error}").Prepend(report.ToString())));
        Assert.InRange(report.Executions, 1000, long.MaxValue);
        Assert.InRange(report.Behaviours, 20, int.MaxValue);
    }

    public sealed class Sse() : FuzzTests(new SseTarget());

    public sealed class Header() : FuzzTests(new HeaderTarget());

    public sealed class Lines() : FuzzTests(new LinesTarget());
}
