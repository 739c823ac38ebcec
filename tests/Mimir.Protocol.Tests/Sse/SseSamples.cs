using Mimir.Fuzz;
using Xunit;

namespace Mimir.Protocol.Tests.Sse;

/// <summary>Streams that are cut at every place: those of the fuzz corpus, which holds real captures and odd forms.</summary>
public static class SseSamples
{
    public static TheoryData<string> Names { get; } = [.. All.Keys];

    private static Dictionary<string, byte[]>? s_all;

    private static Dictionary<string, byte[]> All => s_all ??= new Corpus(Corpus.Packaged, "sse").Inputs.ToDictionary(StringComparer.Ordinal);

    public static byte[] Read(string name) => All[name];
}
