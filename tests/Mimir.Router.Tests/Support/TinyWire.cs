using System.Text;
using System.Text.Json;

namespace Mimir.Router.Tests.Support;

/// <summary>The writing end of one connection of a <see cref="TinyServer"/>.</summary>
public sealed class TinyWire(Stream output)
{
    private readonly SemaphoreSlim _turn = new(1);

    public bool IsClosed { get; private set; }

    public async Task SendAsync(string line)
    {
        await _turn.WaitAsync();
        try
        {
            await output.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
            await output.FlushAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    public Task AnswerAsync(JsonElement request, string result) =>
        SendAsync($$"""{"jsonrpc":"2.0","id":{{request.GetProperty("id").GetRawText()}},"result":{{result}}}""");

    public Task FailAsync(JsonElement request, int code) =>
        SendAsync($$$"""{"jsonrpc":"2.0","id":{{{request.GetProperty("id").GetRawText()}}},"error":{"code":{{{code}}},"message":"no"}}""");

    /// <summary>Ends the connection as a server that exits does.</summary>
    public async Task CloseAsync()
    {
        IsClosed = true;
        await output.DisposeAsync();
    }
}
