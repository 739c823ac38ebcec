using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Readers;

/// <summary>What every format has in common: the file is UTF-8.</summary>
internal static class Utf8Text
{
    /// <summary>Passes over a byte order mark.</summary>
    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> utf8) => utf8.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? utf8[3..] : utf8;

    /// <summary>Reports the first byte that is not UTF-8.</summary>
    /// <param name="utf8">All bytes, without a byte order mark.</param>
    /// <param name="file">Full path of their file.</param>
    /// <param name="root">The keys that lead to what it holds.</param>
    /// <param name="issues">Told what is wrong.</param>
    /// <returns>False after an error.</returns>
    public static bool IsValid(ReadOnlySpan<byte> utf8, string file, KeyPath root, IssueList issues)
    {
        if (Utf8.IsValid(utf8))
        {
            return true;
        }

        issues.Error(new LineMap(utf8, file).At(FirstInvalid(utf8)), root, "the file is not UTF-8 from here on", "Save it as UTF-8 in your editor");
        return false;
    }

    private static int FirstInvalid(ReadOnlySpan<byte> utf8)
    {
        var offset = 0;
        while (offset < utf8.Length && Rune.DecodeFromUtf8(utf8[offset..], out _, out var length) == OperationStatus.Done)
        {
            offset += length;
        }

        return offset;
    }
}
