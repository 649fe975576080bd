// Use of the model in an Android application. This file is not compiled, because that needs the Android SDK.
package emergency.android

import android.content.Context
import android.net.ConnectivityManager
import android.net.Network
import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import configcat.management.CredentialProvider
import configcat.management.Credentials
import configcat.management.ManagementClient
import emergency.EmergencySwitch
import emergency.SwitchModel

/** The application's store of secrets, based on the Android Keystore. */
interface SecretStore {
    suspend fun read(name: String): String
}

/** Reads the credentials from the store for each call. */
class KeystoreCredentials(private val store: SecretStore) : CredentialProvider {
    override suspend fun credentials() = Credentials(store.read("configcat-user"), store.read("configcat-password"))
}

class SwitchViewModel(context: Context, store: SecretStore, productId: String) : ViewModel() {
    private val client = ManagementClient(KeystoreCredentials(store))
    private val model = SwitchModel(EmergencySwitch(client), productId, viewModelScope)
    private val connectivity = context.getSystemService(ConnectivityManager::class.java)
    private val network = object : ConnectivityManager.NetworkCallback() {
        override fun onAvailable(network: Network) = client.networkChanged()
    }

    val state = model.state

    init {
        connectivity.registerDefaultNetworkCallback(network)
        model.refresh()
    }

    fun refresh() = model.refresh()

    fun turnOff(flag: emergency.Flag, reason: String, bypassApproval: Boolean) =
        model.turnOff(flag, reason, bypassApproval)

    /** `viewModelScope` is cancelled before this, which cancels the requests. */
    override fun onCleared() {
        connectivity.unregisterNetworkCallback(network)
        client.close()
    }
}
