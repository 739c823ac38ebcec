using System.Text.Json;

namespace Mimir.Embed.Tests.Support;

/// <summary>Reads a stream of events; comments are passed over.</summary>
internal sealed class EventReader(Stream stream) : IDisposable
{
    private readonly StreamReader _reader = new(stream);

    /// <summary>The next event's data.</summary>
    public async Task<JsonElement> NextAsync()
    {
        while (await LineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return JsonElement.Parse(line[6..]);
        }

        throw new EndOfStreamException();
    }

    /// <summary>Whether nothing comes any more.</summary>
    public async Task<bool> EndsAsync()
    {
        while (await LineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return false;
        }

        return true;
    }

    public void Dispose() => _reader.Dispose();

    private async Task<string?> LineAsync() => await _reader.ReadLineAsync().WaitAsync(Web.Patience);
}
