using Mimir.Embed.Scene;
using UnityEngine;

namespace Mimir.Embed.Unity
{
    /// <summary>The console of Unity.</summary>
    public sealed class UnityLog : ILogSink
    {
        private const string Prefix = "[MCP] ";

        /// <inheritdoc/>
        public void Write(LogLevel level, string message)
        {
            switch (level)
            {
                case LogLevel.Error:
                    Debug.LogError(Prefix + message);
                    break;
                case LogLevel.Warning:
                    Debug.LogWarning(Prefix + message);
                    break;
                default:
                    Debug.Log(Prefix + message);
                    break;
            }
        }
    }
}
