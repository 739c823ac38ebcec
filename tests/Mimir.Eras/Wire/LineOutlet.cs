using System.Text;

namespace Mimir.Eras.Wire;

/// <summary>Frames as lines.</summary>
internal sealed class LineOutlet(Stream stream) : IOutlet, IDisposable
{
    private readonly SemaphoreSlim _gate = new(1);

    /// <inheritdoc/>
    public async Task SendAsync(string json, bool final = false, int status = 200)
    {
        await _gate.WaitAsync();
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(json + "\n"));
            await stream.FlushAsync();
        }
        catch (IOException)
        {
            // The reader is gone; stdin will say so as well.
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public Task CloseAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();
}
