from configcat_management import AuthenticationError, Client

with Client() as client:  # CONFIGCAT_API_USER and CONFIGCAT_API_PASS
    print("signed in as", client.me.get().email)

with Client(username="ada", password="not hers") as client:
    try:
        client.me.get()
    except AuthenticationError as error:
        print("refused with status", error.status)
