namespace Mimir.Http.Streams;

/// <summary>An event as it is kept.</summary>
/// <param name="number">Its number in its stream.</param>
/// <param name="isNews">Whether it may be dropped while it waits.</param>
/// <param name="bytes">As it goes out. Borrowed from its block.</param>
internal readonly ref struct KeptEvent(long number, bool isNews, ReadOnlySpan<byte> bytes)
{
    public long Number { get; } = number;

    public bool IsNews { get; } = isNews;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>What it takes of memory.</summary>
    public int Cost => EventBlock.HeadSize + Bytes.Length;
}
